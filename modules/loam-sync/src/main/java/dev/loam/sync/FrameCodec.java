package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Frames as bytes. A frame has one form only: decoding refuses what encoding would not write. */
final class FrameCodec {
    private static final int HELLO = 1;
    private static final int PLAN = 2;
    private static final int BATCHES = 3;
    private static final int DURABLE = 4;
    private static final int CREDIT = 5;
    private static final int END = 6;
    private static final int PING = 7;
    private static final int PAUSE = 8;
    private static final int DIGESTS = 9;
    private static final int RECORDS = 10;
    private static final int PARKED = 11;

    private FrameCodec() {}

    static Bytes encode(Frame frame) {
        ByteWriter out = new ByteWriter();
        switch (frame) {
            case Frame.Hello hello -> HelloCodec.write(out.u8(HELLO), hello);
            case Frame.ForeignHello foreign -> out.u8(HELLO).varint(foreign.version());
            case Frame.Plan plan -> {
                out.u8(PLAN).varint(plan.vaults().size());
                plan.vaults().forEach((vault, each) -> writeAnnouncement(out, vault, each));
            }
            case Frame.Batches batches -> BatchesCodec.write(out.u8(BATCHES), batches);
            case Frame.Durable durable -> {
                out.u8(DURABLE).raw(durable.vault().bytes()).varint(durable.sequences().size());
                durable.sequences().forEach((actor, seq) -> out.raw(actor.bytes()).varint(seq));
            }
            case Frame.Parked(var vault, var ranges, long aheadMillis) -> {
                out.u8(PARKED).raw(vault.bytes()).varint(aheadMillis);
                writeRanges(out, ranges);
            }
            case Frame.Credit credit -> out.u8(CREDIT).varint(credit.weight());
            case Frame.Ping ping -> out.u8(PING);
            case Frame.Pause(long millis) -> out.u8(PAUSE).varint(millis);
            case Frame.Digests digests -> {
                out.u8(DIGESTS).raw(digests.vault().bytes()).varint(digests.sums().size());
                digests.sums()
                        .forEach(
                                (range, sum) ->
                                        out.varint(range).varint(sum.records()).fixed64(sum.sum()));
            }
            case Frame.Records records -> {
                out.u8(RECORDS).raw(records.vault().bytes()).varint(records.records().size());
                records.records().forEach((key, hash) -> out.utf8(key).fixed64(hash));
            }
            case Frame.OfSnapshot snapshot -> SnapshotFrames.write(out, snapshot);
            case Frame.End end -> out.u8(END).u8(end.reason().code());
        }
        return out.toBytes();
    }

    /** Empty if these are not the bytes of a frame. */
    static Optional<Frame> tryDecode(Bytes bytes) {
        try {
            return Optional.of(decode(bytes));
        } catch (LoamException malformed) {
            return Optional.empty();
        }
    }

    /**
     * @throws LoamException {@code CORRUPT} if these are not the bytes of a frame
     */
    static Frame decode(Bytes bytes) {
        ByteReader in = ByteReader.of("frame", bytes);
        int kind = in.u8();
        Frame frame =
                switch (kind) {
                    case HELLO -> HelloCodec.read(in);
                    case PLAN -> readPlan(in);
                    case BATCHES -> BatchesCodec.read(in);
                    case DURABLE -> readDurable(in);
                    case PARKED -> readParked(in);
                    case CREDIT -> new Frame.Credit(FrameFields.positive(in, Long.MAX_VALUE));
                    case PING -> new Frame.Ping();
                    case PAUSE -> new Frame.Pause(FrameFields.positive(in, Frame.Pause.MILLIS_MAX));
                    case DIGESTS -> readDigests(in);
                    case RECORDS -> readRecords(in);
                    case SnapshotFrames.MANIFEST -> SnapshotFrames.readManifest(in);
                    case SnapshotFrames.NEED -> SnapshotFrames.readNeed(in);
                    case SnapshotFrames.CHUNK -> SnapshotFrames.readChunk(in);
                    case END -> readEnd(in);
                    default -> throw in.corrupt("its kind is unknown");
                };
        if (!(frame instanceof Frame.ForeignHello)) {
            in.expectEnd();
        }
        return frame;
    }

    private static void writeAnnouncement(ByteWriter out, VaultId vault, Announcement each) {
        out.raw(vault.bytes()).varint(each.operations()).varint(each.bytes());
        writeRanges(out, each.ranges());
    }

    private static void writeRanges(ByteWriter out, BatchRanges ranges) {
        out.varint(ranges.ranges().size());
        ranges.ranges()
                .forEach(
                        (actor, range) ->
                                out.raw(actor.bytes())
                                        .varint(range.after())
                                        .varint(range.batches()));
    }

    private static Frame readParked(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        long aheadMillis = FrameFields.upTo(in, Amount.MAX);
        return new Frame.Parked(vault, readRanges(in), aheadMillis);
    }

    private static Frame readPlan(ByteReader in) {
        SortedMap<VaultId, Announcement> vaults = new TreeMap<>();
        int count = in.count(VaultId.SIZE + 3);
        for (int i = 0; i < count; i++) {
            VaultId vault = new VaultId(in.raw(VaultId.SIZE));
            long operations = FrameFields.upTo(in, Amount.MAX);
            long bytes = FrameFields.upTo(in, Amount.MAX);
            BatchRanges ranges = readRanges(in);
            FrameFields.putAscending(
                    in, vaults, vault, new Announcement(ranges, operations, bytes));
        }
        return new Frame.Plan(vaults);
    }

    private static BatchRanges readRanges(ByteReader in) {
        SortedMap<ActorId, SequenceRange> ranges = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 2);
        for (int i = 0; i < count; i++) {
            ActorId actor = FrameFields.readActor(in);
            long after = FrameFields.upTo(in, ActorHead.SEQUENCE_MAX);
            long batches = FrameFields.positive(in, ActorHead.SEQUENCE_MAX - after);
            FrameFields.putAscending(in, ranges, actor, new SequenceRange(after, after + batches));
        }
        if (ranges.isEmpty()) {
            throw in.corrupt("it names nothing of a vault");
        }
        return new BatchRanges(ranges);
    }

    private static Frame readDurable(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        SortedMap<ActorId, Long> sequences = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 1);
        for (int i = 0; i < count; i++) {
            ActorId actor = FrameFields.readActor(in);
            FrameFields.putAscending(in, sequences, actor, FrameFields.readSequence(in));
        }
        return new Frame.Durable(vault, sequences);
    }

    private static Frame readDigests(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        SortedMap<Integer, RangeSum> sums = new TreeMap<>();
        int count = in.count(2 + Long.BYTES);
        for (int i = 0; i < count; i++) {
            int range = (int) FrameFields.upTo(in, RangeSum.RANGES - 1);
            long records = FrameFields.positive(in, Amount.MAX);
            FrameFields.putAscending(in, sums, range, new RangeSum(records, in.fixed64()));
        }
        return new Frame.Digests(vault, sums);
    }

    private static Frame readRecords(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        SortedMap<String, Long> records = new TreeMap<>();
        int count = in.count(1 + Long.BYTES);
        if (count > Frame.Records.RECORDS_MAX) {
            throw in.corrupt("it lists more records than it may");
        }
        for (int i = 0; i < count; i++) {
            FrameFields.putAscending(in, records, in.utf8(), in.fixed64());
        }
        return new Frame.Records(vault, records);
    }

    private static Frame readEnd(ByteReader in) {
        int code = in.u8();
        return EndReason.ofCode(code)
                .map(Frame.End::new)
                .orElseThrow(() -> in.corrupt("its reason is unknown"));
    }
}
