package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.LogReader;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log that is written from the units of a backup: every payload at the position that it had. For
 * one thread.
 */
final class RestoredLog {
    private static final int GROUP = 1_024;
    private static final int GROUP_BYTES = 1 << 20;

    /** What one group of the log may hold; nothing that was one entry is larger. */
    private static final int BATCH_BYTES_MAX = (4 << 20) + (64 << 10);

    private final OpLog log;
    private final List<Bytes> group = new ArrayList<>();
    private long groupBytes;

    RestoredLog(OpLog log) {
        this.log = log;
    }

    /** Takes a unit, of which all is on the disk when this returns. */
    void take(UnitReader reader, BackupUnit.Origin.Segment segment, UnitSize size, Runnable taken) {
        if (log.end().number() != segment.span().first() - 1) {
            throw misfit();
        }
        switch (segment.form()) {
            case APPENDED -> append(reader, taken);
            case COMPACTED -> replace(reader, segment.span(), size, taken);
        }
        if (log.end().number() != segment.span().last()) {
            throw misfit();
        }
    }

    private void append(UnitReader reader, Runnable taken) {
        for (Optional<UnitItem> next = reader.next(); next.isPresent(); next = reader.next()) {
            UnitItem item = next.get();
            if (item.kind() != UnitItem.Kind.BATCH || item.payload().size() > BATCH_BYTES_MAX) {
                throw misfit();
            }
            if (group.size() == GROUP || groupBytes + item.payload().size() > GROUP_BYTES) {
                flush();
                taken.run();
            }
            group.add(item.payload());
            groupBytes += item.payload().size();
        }
        flush();
        log.roll();
    }

    private void flush() {
        log.append(group);
        group.clear();
        groupBytes = 0;
    }

    /** What is read back from the disk must be what was in the unit before it counts. */
    private void replace(UnitReader reader, PositionSpan span, UnitSize size, Runnable taken) {
        MessageDigest written = UnitWriter.sha256();
        try (SegmentDraft draft = log.draftWithMore(span.count(), Math.max(1, size.largest()))) {
            long reached = 0;
            for (Optional<UnitItem> next = reader.next(); next.isPresent(); next = reader.next()) {
                UnitItem item = next.get();
                switch (item.kind()) {
                    case STATES -> {
                        require(reached == 0);
                        draft.addStates(item.payload());
                    }
                    case PACK -> {
                        reached += item.count();
                        require(item.count() > 0 && item.count() <= SegmentDraft.PACK_MAX);
                        require(reached <= span.count());
                        draft.addPack((int) item.count(), item.payload());
                    }
                    case BATCH, FILE, LINE, MODEL, END -> throw misfit();
                }
                add(written, item);
                taken.run();
            }
            require(reached == span.count());
            draft.seal();
            if (!MessageDigest.isEqual(written.digest(), readBack(draft))) {
                throw new LoamException(
                        ErrorCode.IO_FAILED,
                        "a restored segment does not read back as what was written; look after the"
                                + " disk");
            }
            log.replace(draft);
        }
    }

    private static byte[] readBack(SegmentDraft draft) {
        MessageDigest read = UnitWriter.sha256();
        try (LogReader reader = draft.read()) {
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case LogItem.Pack(Position _, int count, Bytes payload) ->
                            add(read, new UnitItem(UnitItem.Kind.PACK, count, payload));
                    case LogItem.States(long _, long _, Bytes payload) ->
                            add(read, new UnitItem(UnitItem.Kind.STATES, 0, payload));
                    case LogItem.Entry _, LogItem.LostStates _, LogItem.Damage _ ->
                            read.update((byte) 0);
                }
            }
        }
        return read.digest();
    }

    private static void add(MessageDigest digest, UnitItem item) {
        digest.update(
                ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES)
                        .putInt(item.kind().number())
                        .putLong(item.count())
                        .putInt(item.payload().size())
                        .flip());
        digest.update(item.payload().asBuffer());
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw misfit();
        }
    }

    private static LoamException misfit() {
        return new LoamException(
                ErrorCode.CORRUPT,
                "a unit of the backup does not hold what its manifest says; nothing was restored."
                        + " Restore another generation");
    }
}
