package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Where the audit trail goes on.
 *
 * @param file the last one; 0 if there is none
 * @param bytes of it
 * @param head of the last entry that is whole
 * @param signed up to which entry the device has vouched for it
 * @param owed what has to be told of before anything else; then in a file of its own
 */
record AuditTail(long file, long bytes, AuditHead head, long signed, List<AuditEvent> owed) {
    AuditTail {
        owed = List.copyOf(owed);
    }

    /** The last entry that can be read, and where it ends. */
    private record Last(long file, long keptBytes, long lostBytes, AuditHead head) {}

    /**
     * Looks at the end of the trail alone: whether all of it holds is found out when it is read.
     *
     * @param position how many batches the log holds
     */
    static AuditTail find(AuditFolder folder, long position) {
        SortedSet<Long> files = folder.files();
        AuditHead beginning = new AuditHead(0, ChainedEntry.beginning(folder.id()));
        Last last = last(folder, files).orElse(new Last(0, 0, 0, beginning));
        List<AuditEvent> owed = new ArrayList<>();
        Optional<SignedHead> head = readableHead(folder);
        long signed = head.map(each -> each.head().number()).orElse(0L);
        boolean isBehind =
                signed > last.head().number()
                        || head.map(SignedHead::head)
                                .filter(each -> each.number() == last.head().number())
                                .filter(each -> !each.equals(last.head()))
                                .isPresent();
        if (last.head().number() == 0) {
            owed.add(new AuditEvent.Begun(position));
        }
        if (isBehind || last.lostBytes() > 0) {
            owed.add(
                    new AuditEvent.Resumed(
                            last.file(), last.keptBytes(), last.lostBytes(), signed));
        }
        if (head.isEmpty() && (last.head().number() > 0 || folder.hasHead())) {
            owed.add(new AuditEvent.HeadLost());
        }
        return new AuditTail(
                files.isEmpty() ? 0 : files.last(),
                last.keptBytes(),
                last.head(),
                owed.isEmpty() ? signed : 0,
                owed);
    }

    private static Optional<SignedHead> readableHead(AuditFolder folder) {
        try {
            return folder.head();
        } catch (LoamException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Last> last(AuditFolder folder, SortedSet<Long> files) {
        long lost = 0;
        for (long number : new ArrayList<>(files).reversed()) {
            AuditFile file = folder.read(number).orElseThrow();
            for (int i = file.frames().size() - 1; i >= 0; i--) {
                int end = file.endOf(i);
                Optional<AuditHead> head = head(folder, number, file.frames().get(i));
                if (head.isPresent()) {
                    return Optional.of(
                            new Last(number, end, lost + file.bytes() - end, head.get()));
                }
            }
            lost += file.bytes();
        }
        return Optional.empty();
    }

    private static Optional<AuditHead> head(AuditFolder folder, long file, AuditFile.Frame frame) {
        try {
            return frame.stored()
                    .map(stored -> folder.open(file, stored))
                    .map(found -> new AuditHead(found.entry().number(), found.hash()));
        } catch (LoamException altered) {
            return Optional.empty();
        }
    }

    /** Whether the next entry has to be in another file. */
    boolean needsNewFile() {
        return file == 0 || !owed.isEmpty() || bytes >= AuditFile.BYTES_MAX;
    }

    AuditTail after(long writtenFile, long writtenBytes, Bytes hash, long number) {
        return new AuditTail(
                writtenFile, writtenBytes, new AuditHead(number, hash), signed, List.of());
    }

    AuditTail signedNow() {
        return new AuditTail(file, bytes, head, head.number(), owed);
    }
}
