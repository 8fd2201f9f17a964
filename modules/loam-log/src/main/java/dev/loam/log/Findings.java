package dev.loam.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What opening has found so far, and what it will change. */
final class Findings {
    private final List<String> notes = new ArrayList<>();
    private final List<LogItem.Damage> damage = new ArrayList<>();
    private final List<Repair> repairs = new ArrayList<>();
    private final List<Repair> deletions = new ArrayList<>();
    private boolean isClean = true;

    void note(String sentence) {
        notes.add(sentence);
    }

    /** The last owner did not get to the end of closing. */
    void unclean(String sentence) {
        isClean = false;
        notes.add(sentence);
    }

    void lost(PositionRange range, String what) {
        damage.add(range.damaged(what));
        notes.add("CORRUPT: " + range + " cannot be read: " + what);
    }

    /** Whether anything is not as it was written, or was set aside. */
    boolean hasCorruption() {
        return notes.stream().anyMatch(note -> note.startsWith("CORRUPT"));
    }

    boolean hasDamage() {
        return !damage.isEmpty();
    }

    /** Done before the manifest is written. */
    void repair(Repair repair) {
        repairs.add(repair);
    }

    /** Done after the manifest is written, which no longer lists what goes. */
    void delete(Repair deletion) {
        deletions.add(deletion);
    }

    List<Repair> repairs() {
        return List.copyOf(repairs);
    }

    List<Repair> deletions() {
        return List.copyOf(deletions);
    }

    OpenedLog report() {
        List<LogItem.Damage> inOrder =
                damage.stream().sorted(Comparator.comparing(LogItem.Damage::first)).toList();
        return new OpenedLog(isClean, notes, inOrder);
    }
}
