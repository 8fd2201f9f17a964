package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Scratch;
import dev.loam.fuzz.Sums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A log with one segment whose file holds anything, with the checksum of each frame made right: it
 * is opened, read and verified. Of a sealed one nothing is read but what was written there.
 *
 * <p>The first byte of an input says how the list has the segment, the others are its file, or its
 * footer, or the list.
 */
public abstract sealed class FuzzLog implements FuzzTarget permits FuzzPlainLog, FuzzSealedLog {
    static final long NUMBER = 1;
    static final SegmentName NAME =
            new SegmentName(NUMBER, Bytes.fromHex("101112131415161718191a1b1c1d1e1f"));
    static final Position LAST = new Position(5);

    /** How the list has the segment: the lowest bits of an input's first byte. */
    private static final int LISTED_OPEN = 0;

    private static final int LISTED_SEALED = 1;
    private static final int NO_LIST = 3;
    private static final int LISTINGS = 4;

    /** What the others are, if not the segment's file. */
    private static final int FOOTER = 4;

    private static final int MANIFEST = 8;
    private static final StoreFiles FILES = new QuickFiles();

    private final Path directory = Scratch.make();

    FuzzLog() throws IOException {}

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.CORRUPT,
                ErrorCode.TAMPERED,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.KEY_MISSING,
                ErrorCode.NOT_ENCRYPTED,
                ErrorCode.WRONG_KEY);
    }

    abstract StoreId store();

    abstract LogKeys keys();

    /** New ones for each run: opening may change what the keys remember. */
    abstract LogOptions options();

    abstract void check(Position position, Bytes payload);

    /** The file of a segment with so many frames, without what Chronicle puts before them. */
    static byte[] file(List<byte[]> frames) {
        int bytes =
                frames.stream().mapToInt(each -> 4 + (int) SegmentCursor.padded(each.length)).sum();
        ByteBuffer file = ByteBuffer.allocate(1 + bytes + 64).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0);
        for (byte[] frame : frames) {
            file.putInt(frame.length).put(frame);
            file.position(
                    file.position() + (int) SegmentCursor.padded(frame.length) - frame.length);
        }
        return file.array();
    }

    /** Five entries of which each vouches for those before. */
    List<byte[]> frames(Optional<LogSealing.Sealer> sealer) {
        FrameCodec codec = new FrameCodec(NAME, sealer);
        SegmentHead head = new SegmentHead(store(), NAME, 1, SegmentChain.START, 1 << 20);
        List<byte[]> frames = new ArrayList<>();
        Bytes encoded = sealer.isPresent() ? head.sealed().encode() : head.encode();
        frames.add(codec.encode(Frame.HEAD, 1, 0, 0, encoded));
        for (long position = 1; position <= LAST.number(); position++) {
            Bytes payload = LogFixture.entry(position);
            frames.add(codec.encode(Frame.BATCH, position, 1, 0, payload));
        }
        frames.add(codec.encode(Frame.MARK, LAST.number() + 1, 0, 0, Bytes.EMPTY));
        return frames;
    }

    /** The file of the segment as it was written, behind the first byte of an input. */
    abstract byte[] written() throws IOException;

    @Override
    public List<byte[]> seeds() throws IOException {
        byte[] file = written();
        List<byte[]> seeds = new ArrayList<>();
        for (int listed = 0; listed < LISTINGS; listed++) {
            seeds.add(input(listed, Arrays.copyOfRange(file, 1, file.length)));
        }
        SegmentEntry.Sealed sealed = sealed(file.length - 1);
        Bytes footer =
                new Footer(
                                store(),
                                Footer.Origin.SEALED,
                                sealed,
                                SegmentChain.START,
                                file.length - 1,
                                List.of(new PositionRange(2, 3)),
                                PositionOffsets.empty(1).with(1, 140))
                        .encode();
        seeds.add(input(FOOTER | LISTED_SEALED, footer.toArray()));
        seeds.add(input(FOOTER | NO_LIST, footer.toArray()));
        Manifest manifest = new Manifest(store(), 2, List.of(sealed));
        seeds.add(input(MANIFEST, manifest.encode(keys()).toArray()));
        return seeds;
    }

    static byte[] input(int how, byte[] content) {
        byte[] input = new byte[1 + content.length];
        input[0] = (byte) how;
        System.arraycopy(content, 0, input, 1, content.length);
        return input;
    }

    private static SegmentEntry.Sealed sealed(int bytes) {
        return new SegmentEntry.Sealed(NAME, 1, LAST.number(), 6, bytes, SegmentChain.START);
    }

    @Override
    public void run(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        Trees.empty(directory);
        LogDirectory log = new LogDirectory(directory.resolve(LogDirectory.NAME));
        Files.createDirectories(log.segment(NUMBER));
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        int fuzzed = input[0] & (FOOTER | MANIFEST);
        byte[] file =
                fuzzed == FOOTER || fuzzed == MANIFEST
                        ? Arrays.copyOfRange(written(), 1, written().length)
                        : summed(content);
        Files.write(log.frames(NUMBER), file);
        list(log, input[0] & (LISTINGS - 1), file.length);
        if (fuzzed == FOOTER) {
            Files.write(log.footer(NUMBER), Sums.atEnd(content).toArray());
        } else if (fuzzed == MANIFEST) {
            Files.write(log.manifest(), FuzzLogFiles.summedText(content));
        }
        read();
    }

    private void list(LogDirectory log, int how, int bytes) throws IOException {
        List<SegmentEntry> listed =
                switch (how) {
                    case LISTED_OPEN -> List.of(new SegmentEntry.Open(NAME, 1));
                    case LISTED_SEALED -> List.of(sealed(bytes));
                    default -> List.of();
                };
        if (how != NO_LIST) {
            Manifest manifest = new Manifest(store(), 2, listed);
            Files.write(log.manifest(), manifest.encode(keys()).toArray());
        }
    }

    /** The same with the checksum of each frame right. */
    private static byte[] summed(byte[] content) {
        byte[] file = content.clone();
        for (int at = 0; at + Frame.HEADER_BYTES <= file.length; at += SegmentCursor.WORD_BYTES) {
            int bytes = FrameCodec.claimedBytes(file, at);
            if (bytes > 0 && at + bytes <= file.length) {
                byte[] covered = new byte[SegmentName.ID_BYTES + bytes - Integer.BYTES];
                if (file[at + 5] != Frame.HEAD) {
                    NAME.id().copyTo(covered, 0);
                }
                int checksum = FrameCodec.CHECKSUM_AT;
                System.arraycopy(file, at, covered, SegmentName.ID_BYTES, checksum);
                System.arraycopy(
                        file,
                        at + Frame.HEADER_BYTES,
                        covered,
                        SegmentName.ID_BYTES + checksum,
                        bytes - Frame.HEADER_BYTES);
                Sums.set(file, at + checksum, Sums.crc(covered, 0, covered.length));
            }
        }
        return file;
    }

    /** As a log does, without the lock of the store and what else is not parsing. */
    private void read() throws IOException {
        LogOptions options = options();
        Random random = new Random(7);
        Recovered found = Opening.run(FILES, directory, options, random);
        LogWriter writer = new LogWriter(FILES, PlainSegment::create, options, random, found);
        try (Leases.Lease lease = writer.lease()) {
            Position reached = Position.START;
            try (LogReader reader =
                    new LogReader(found.log(), found.keys(), writer.lease(), Position.START)) {
                while (reader.hasNext()) {
                    reached = follow(reached, reader.next());
                }
                assertThat(reached.number()).isEqualTo(found.end());
            } catch (LoamException refused) {
                mayBe(refused);
            }
            LogView view = lease.view();
            new LogVerifier(found.log(), found.keys(), view, (_, _) -> {}).run();
            new QuickVerifier(found.log(), found.keys(), view).run();
        }
    }

    /** Each position is in exactly one item. */
    private Position follow(Position reached, LogItem item) {
        return switch (item) {
            case LogItem.Entry(Position position, Bytes payload) -> {
                assertThat(position).isEqualTo(reached.next());
                check(position, payload);
                yield position;
            }
            case LogItem.Pack pack -> {
                assertThat(pack.first()).isEqualTo(reached.next());
                yield pack.last();
            }
            case LogItem.Damage damage -> {
                assertThat(damage.first()).isEqualTo(reached.next());
                yield damage.last();
            }
            case LogItem.States _, LogItem.LostStates _ -> reached;
        };
    }
}
