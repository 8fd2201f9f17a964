package dev.loam;

import java.util.List;
import java.util.Optional;

/**
 * What {@link Vault#recall} found, best first.
 *
 * @param model whose vectors took part; empty if the answer rests on words alone
 */
public record Recall(List<Hit> hits, Optional<String> model) {
    public Recall {
        hits = List.copyOf(hits);
    }
}
