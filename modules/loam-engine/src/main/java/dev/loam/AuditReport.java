package dev.loam;

import java.util.List;

/**
 * What reading an audit trail from its beginning has shown.
 *
 * @param entries that were read
 * @param head what stands for all of them; to be kept somewhere else
 * @param notes what is out of the ordinary, and nobody's doing: crashes, full disks
 * @param damage each place where the trail is not as it was written, and what is missing
 */
public record AuditReport(long entries, AuditHead head, List<String> notes, List<String> damage) {
    public AuditReport {
        notes = List.copyOf(notes);
        damage = List.copyOf(damage);
    }

    /** Whether nothing is missing and nothing was altered, as far as this can tell. */
    public boolean isSound() {
        return damage.isEmpty();
    }
}
