package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The files of lines beside the log. The first byte of an input says which, the others are its
 * lines between headline and checksum.
 */
public final class FuzzSmallFiles implements FuzzTarget {
    private static final String ID = "ab".repeat(16);
    private static final String OTHER = "ac".repeat(16);
    private static final String THIRD = "ad".repeat(16);
    private static final String KEY = "cd".repeat(32);
    private static final String NONCE = "ef".repeat(8);

    /** A file, with a line of which each kind. */
    private record Kind(String name, Consumer<StoreFolder> read, List<String> lines) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind(
                            "device",
                            folder -> new DeviceFile(folder).read(),
                            List.of("pkcs8=302e020100300506032b657004220420" + "01".repeat(32))),
                    new Kind(
                            "actors",
                            folder -> new OwnActors(folder, new DeviceId(Bytes.fromHex(KEY))),
                            List.of(
                                    "own " + ID + " " + ID + " " + ID,
                                    "next " + OTHER + " " + NONCE + " " + KEY,
                                    "rebase " + THIRD + " " + NONCE + " as " + ID + " out " + KEY
                                            + " was " + ID)),
                    new Kind(
                            "peers",
                            PeerBook::new,
                            List.of("peer " + KEY + " 6869 host:1,[::1]:2 " + ID)),
                    new Kind(
                            "contacts",
                            PeerContacts::new,
                            List.of(
                                    "seen " + KEY + " 17 DONE",
                                    "holds " + KEY + " " + ID + " " + ID + " 1 2",
                                    "given " + KEY + " " + ID + " " + ID + " 1 2",
                                    "waits "
                                            + KEY
                                            + " "
                                            + ID
                                            + " "
                                            + ID
                                            + " 3 AHEAD 17 "
                                            + ID
                                            + " 2")),
                    new Kind(
                            "absences",
                            Absences::new,
                            List.of("met 1", "back 2", "absent " + ID + " " + ID + " 3 4 5")),
                    new Kind("forget", PurgeNotes::new, List.of("from 7")));

    private final StoreFolder folder = StoreFolder.plain(Scratch.make());

    public FuzzSmallFiles() throws IOException {}

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < KINDS.size(); i++) {
            String lines = (char) i + String.join("\n", KINDS.get(i).lines());
            seeds.add(lines.getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Kind kind = KINDS.get((input[0] & 0xff) % KINDS.size());
        String lines = Bytes.copyOf(input, 1, input.length - 1).toUtf8();
        new SmallFile(folder, kind.name()).write(lines.lines().toList());
        kind.read().accept(folder);
    }
}
