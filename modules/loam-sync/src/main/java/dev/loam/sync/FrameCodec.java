package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.sync.Frame.Standing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Of a HELLO's marks: the sender would stay after all is exchanged. */
    private static final int LIVE = 1;

    /** Of a HELLO's marks: the sender takes nothing of a vault that it does not list. */
    private static final int LISTED_ONLY = 2;

    /** An entry's index and its batch's length, a byte each. */
    private static final int ENTRY_BYTES_MIN = 2;

    /** Refused before objects are made of them, since an empty entry takes only two bytes here. */
    private static final int ENTRIES_MAX =
            (int) (SyncSession.FRAME_WEIGHT_MAX / SyncEntry.ENVELOPE_BYTES);

    private FrameCodec() {}

    static Bytes encode(Frame frame) {
        ByteWriter out = new ByteWriter();
        switch (frame) {
            case Frame.Hello hello -> writeHello(out.u8(HELLO), hello);
            case Frame.ForeignHello foreign -> out.u8(HELLO).varint(foreign.version());
            case Frame.Plan plan -> {
                out.u8(PLAN).varint(plan.vaults().size());
                plan.vaults().forEach((vault, each) -> writeAnnouncement(out, vault, each));
            }
            case Frame.Batches batches -> writeBatches(out.u8(BATCHES), batches);
            case Frame.Durable durable -> {
                out.u8(DURABLE).raw(durable.vault().bytes()).varint(durable.sequences().size());
                durable.sequences().forEach((actor, seq) -> out.raw(actor.bytes()).varint(seq));
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

    /**
     * @throws LoamException {@code CORRUPT} if these are not the bytes of a frame
     */
    static Frame decode(Bytes bytes) {
        ByteReader in = ByteReader.of("frame", bytes);
        int kind = in.u8();
        Frame frame =
                switch (kind) {
                    case HELLO -> readHello(in);
                    case PLAN -> readPlan(in);
                    case BATCHES -> readBatches(in);
                    case DURABLE -> readDurable(in);
                    case CREDIT -> new Frame.Credit(positive(in, Long.MAX_VALUE));
                    case PING -> new Frame.Ping();
                    case PAUSE -> new Frame.Pause(positive(in, Frame.Pause.MILLIS_MAX));
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

    private static void writeHello(ByteWriter out, Frame.Hello hello) {
        int marks =
                (hello.mode() == Terms.Mode.LIVE ? LIVE : 0)
                        | (hello.scope() == Terms.Scope.LISTED ? LISTED_ONLY : 0);
        out.varint(SyncSession.PROTOCOL_VERSION).u8(marks).varint(hello.vaults().size());
        hello.vaults()
                .forEach(
                        (vault, standing) -> {
                            out.raw(vault.bytes());
                            StandingCodec.write(out, standing);
                        });
    }

    private static Frame readHello(ByteReader in) {
        long version = in.varint();
        if (version != SyncSession.PROTOCOL_VERSION) {
            return new Frame.ForeignHello(version);
        }
        int marks = in.u8();
        if ((marks & ~(LIVE | LISTED_ONLY)) != 0) {
            throw in.corrupt("its marks are unknown");
        }
        SortedMap<VaultId, Standing> vaults = new TreeMap<>();
        int count = in.count(VaultId.SIZE + 2);
        for (int i = 0; i < count; i++) {
            VaultId vault = new VaultId(in.raw(VaultId.SIZE));
            putAscending(in, vaults, vault, StandingCodec.read(in));
        }
        return new Frame.Hello(
                (marks & LIVE) != 0 ? Terms.Mode.LIVE : Terms.Mode.ONCE,
                (marks & LISTED_ONLY) != 0 ? Terms.Scope.LISTED : Terms.Scope.ALL,
                vaults);
    }

    private static void writeAnnouncement(ByteWriter out, VaultId vault, Announcement each) {
        out.raw(vault.bytes()).varint(each.operations()).varint(each.bytes());
        out.varint(each.ranges().ranges().size());
        each.ranges()
                .ranges()
                .forEach(
                        (actor, range) ->
                                out.raw(actor.bytes())
                                        .varint(range.after())
                                        .varint(range.batches()));
    }

    private static Frame readPlan(ByteReader in) {
        SortedMap<VaultId, Announcement> vaults = new TreeMap<>();
        int count = in.count(VaultId.SIZE + 3);
        for (int i = 0; i < count; i++) {
            VaultId vault = new VaultId(in.raw(VaultId.SIZE));
            long operations = upTo(in, Amount.MAX);
            long bytes = upTo(in, Amount.MAX);
            BatchRanges ranges = readRanges(in);
            putAscending(in, vaults, vault, new Announcement(ranges, operations, bytes));
        }
        return new Frame.Plan(vaults);
    }

    private static BatchRanges readRanges(ByteReader in) {
        SortedMap<ActorId, SequenceRange> ranges = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 2);
        for (int i = 0; i < count; i++) {
            ActorId actor = readActor(in);
            long after = upTo(in, ActorHead.SEQUENCE_MAX);
            long batches = positive(in, ActorHead.SEQUENCE_MAX - after);
            putAscending(in, ranges, actor, new SequenceRange(after, after + batches));
        }
        if (ranges.isEmpty()) {
            throw in.corrupt("it announces nothing of a vault");
        }
        return new BatchRanges(ranges);
    }

    /**
     * An actor's entries follow one another without a gap, so that its first number, written once,
     * tells all; actors are in the order in which they first appear.
     */
    private static void writeBatches(ByteWriter out, Frame.Batches batches) {
        Map<ActorId, Integer> indexes = new LinkedHashMap<>();
        Map<ActorId, Long> firsts = new LinkedHashMap<>();
        for (SyncEntry entry : batches.entries()) {
            indexes.putIfAbsent(entry.actor(), indexes.size());
            firsts.putIfAbsent(entry.actor(), entry.sequence());
        }
        out.raw(batches.vault().bytes()).varint(firsts.size());
        firsts.forEach((actor, first) -> out.raw(actor.bytes()).varint(first));
        out.varint(batches.entries().size());
        for (SyncEntry entry : batches.entries()) {
            int index = indexes.getOrDefault(entry.actor(), 0);
            out.varint(2L * index + (entry.isSealed() ? 1 : 0)).bytes(entry.batch());
            entry.seal().ifPresent(out::raw);
        }
    }

    private static Frame readBatches(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        Map<ActorId, Long> firsts = new LinkedHashMap<>();
        int actorCount = in.count(ActorId.SIZE + 1);
        for (int i = 0; i < actorCount; i++) {
            if (firsts.put(readActor(in), readSequence(in)) != null) {
                throw in.corrupt("an actor is there twice");
            }
        }
        List<ActorId> actors = List.copyOf(firsts.keySet());
        long[] next = firsts.values().stream().mapToLong(Long::longValue).toArray();
        int seen = 0;
        int count = in.count(ENTRY_BYTES_MIN);
        if (count > ENTRIES_MAX) {
            throw in.corrupt("it has more entries than its weight allows");
        }
        List<SyncEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int tag = in.index(2 * Math.min(seen + 1, actors.size()));
            int index = tag >>> 1;
            seen = Math.max(seen, index + 1);
            entries.add(readEntry(in, actors.get(index), next[index]++, (tag & 1) == 1));
        }
        if (entries.isEmpty() || seen != actors.size()) {
            throw in.corrupt("it lacks the entries that it announces");
        }
        return new Frame.Batches(vault, entries);
    }

    private static SyncEntry readEntry(
            ByteReader in, ActorId actor, long sequence, boolean sealed) {
        if (sequence > ActorHead.SEQUENCE_MAX) {
            throw in.corrupt("a batch's number is too large");
        }
        Bytes batch = in.bytes();
        Optional<Bytes> seal =
                sealed ? Optional.of(in.raw(SyncEntry.SEAL_BYTES)) : Optional.empty();
        return new SyncEntry(actor, sequence, batch, seal);
    }

    private static Frame readDurable(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        SortedMap<ActorId, Long> sequences = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 1);
        for (int i = 0; i < count; i++) {
            ActorId actor = readActor(in);
            putAscending(in, sequences, actor, readSequence(in));
        }
        return new Frame.Durable(vault, sequences);
    }

    private static Frame readDigests(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        SortedMap<Integer, RangeSum> sums = new TreeMap<>();
        int count = in.count(2 + Long.BYTES);
        for (int i = 0; i < count; i++) {
            int range = (int) upTo(in, RangeSum.RANGES - 1);
            long records = positive(in, Amount.MAX);
            putAscending(in, sums, range, new RangeSum(records, in.fixed64()));
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
            putAscending(in, records, in.utf8(), in.fixed64());
        }
        return new Frame.Records(vault, records);
    }

    private static Frame readEnd(ByteReader in) {
        int code = in.u8();
        return EndReason.ofCode(code)
                .map(Frame.End::new)
                .orElseThrow(() -> in.corrupt("its reason is unknown"));
    }

    static ActorId readActor(ByteReader in) {
        return new ActorId(in.raw(ActorId.SIZE));
    }

    static long readSequence(ByteReader in) {
        return positive(in, ActorHead.SEQUENCE_MAX);
    }

    static long positive(ByteReader in, long max) {
        long number = upTo(in, max);
        if (number == 0) {
            throw in.corrupt("a number is out of its range");
        }
        return number;
    }

    static long upTo(ByteReader in, long max) {
        long number = in.varint();
        if (number < 0 || number > max) {
            throw in.corrupt("a number is out of its range");
        }
        return number;
    }

    static <K extends Comparable<K>, V> void putAscending(
            ByteReader in, SortedMap<K, V> map, K key, V value) {
        if (!map.isEmpty() && map.lastKey().compareTo(key) >= 0) {
            throw in.corrupt("ids are not in ascending order");
        }
        map.put(key, value);
    }
}
