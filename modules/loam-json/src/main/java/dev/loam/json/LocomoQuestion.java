package dev.loam.json;

import java.util.List;

/**
 * A question of the LoCoMo set.
 *
 * @param category 1 multi-hop, 2 temporal, 3 open, 4 single-hop, 5 adversarial
 * @param evidence as the file has it: an entry may name several turns, or none that exists
 */
public record LocomoQuestion(String question, int category, List<String> evidence) {
    public LocomoQuestion {
        evidence = List.copyOf(evidence);
    }
}
