package dev.loam.log;

import dev.loam.core.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a log was given and what it answered for: what it may hold after a crash, and what it must.
 */
final class Ledger {
    private List<String> sent = new ArrayList<>();
    private int acknowledged;

    /** The compaction that must be there, and the one that may be there in its place. */
    private String compaction = StoreContent.NOT_COMPACTED;

    private String replacing = compaction;

    /** Segments whose annex was answered for. */
    private final Set<Long> annexes = new TreeSet<>();

    void send(String text) {
        sent.add(text);
    }

    void acknowledge() {
        acknowledged = sent.size();
    }

    /** The texts of all positions, if nothing is unanswered. */
    List<String> sent() {
        return sent;
    }

    void beginReplacing(String name) {
        replacing = name;
    }

    void replaced() {
        compaction = replacing;
    }

    /** What an annex is given; it tells the segment. */
    static Bytes annexOf(long segment) {
        return Bytes.ofUtf8("annex of " + segment);
    }

    void annexWritten(long segment) {
        annexes.add(segment);
    }

    /** Takes over what a new process finds: that is answered for as well. */
    void reopened(StoreContent content) {
        sent = new ArrayList<>(content.texts());
        acknowledged = sent.size();
        compaction = content.compaction();
        replacing = compaction;
    }

    /** What the log holds that it may not, or lacks that it must hold. */
    Optional<String> contradiction(OpLog log) {
        if (!log.report().damage().isEmpty()) {
            return Optional.of("damage is named: " + log.report().notes());
        }
        List<LogItem> items = LogFixture.read(log);
        StoreContent content = StoreContent.of(items);
        return contradiction(content)
                .or(() -> contradictionInStates(log, items))
                .or(() -> contradictionInAnnexes(log))
                .map(what -> what + "; " + log.report().notes());
    }

    private Optional<String> contradiction(StoreContent content) {
        List<String> found = content.texts();
        if (found.size() > sent.size() || !found.equals(sent.subList(0, found.size()))) {
            return Optional.of("other than what was sent: " + difference(found));
        }
        if (found.size() < acknowledged) {
            return Optional.of(found.size() + " of " + acknowledged + " that were answered for");
        }
        if (!content.compaction().equals(compaction) && !content.compaction().equals(replacing)) {
            return Optional.of(
                    "\"%s\" in place of \"%s\" or \"%s\""
                            .formatted(content.compaction(), compaction, replacing));
        }
        return Optional.empty();
    }

    private static Optional<String> contradictionInStates(OpLog log, List<LogItem> items) {
        for (LogItem item : items) {
            if (item instanceof LogItem.States states) {
                long segment = log.segments().getFirst().number();
                Optional<Bytes> found = log.statesAt(segment, states.place());
                if (!found.equals(Optional.of(states.payload()))) {
                    return Optional.of("at its place, other states: " + states.ordinal());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> contradictionInAnnexes(OpLog log) {
        for (SegmentInfo segment : log.segments()) {
            long number = segment.number();
            Optional<Bytes> annex = log.annex(number);
            boolean isMissing = annex.isEmpty() && annexes.contains(number);
            if (isMissing || annex.filter(found -> !found.equals(annexOf(number))).isPresent()) {
                return Optional.of("the annex of segment " + number + " is " + annex);
            }
        }
        return Optional.empty();
    }

    private String difference(List<String> found) {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < found.size() && different.size() < 3; i++) {
            if (i >= sent.size() || !found.get(i).equals(sent.get(i))) {
                String text = found.get(i);
                different.add((i + 1) + " is " + text.substring(0, Math.min(60, text.length())));
            }
        }
        return different.toString();
    }
}
