package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units and manifests are those of {@code docs/formats/backup.md}. */
class BackupFormatTest {
    private static final Path PAGE = Path.of("../../docs/formats/backup.md");
    private static final StoreId STORE =
            new StoreId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
    private static final Bytes CHAIN = Bytes.fromHex("ab".repeat(32));
    private static final BackupUnit.Origin SEGMENT =
            new BackupUnit.Origin.Segment(new PositionSpan(1, 2), BackupUnit.Form.APPENDED, CHAIN);
    private static final UnitForm STORED = new UnitForm(0, Optional.empty());

    @TempDir Path directory;

    private static String golden(String name) throws IOException {
        Matcher block =
                Pattern.compile("```text golden " + name + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    private static Bytes goldenBytes(String name) throws IOException {
        return Bytes.fromHex(golden(name).replaceAll("\\s", ""));
    }

    private static UnitItem batch(String text) {
        return new UnitItem(UnitItem.Kind.BATCH, 1, Bytes.ofUtf8(text));
    }

    private UnitSize write(BackupUnit.Origin origin, List<UnitItem> items) {
        Path file = directory.resolve("unit");
        try (UnitWriter writer =
                new UnitWriter(new BackupFiles(), file, STORED.head(origin, STORE), STORED)) {
            items.forEach(writer::add);
            return writer.end();
        }
    }

    private Bytes written() throws IOException {
        return Bytes.copyOf(Files.readAllBytes(directory.resolve("unit")));
    }

    private List<UnitItem> read(Bytes unit) throws IOException {
        Path file = directory.resolve("golden");
        Files.write(file, unit.toArray());
        List<UnitItem> items = new ArrayList<>();
        BackupDirectory backup = new BackupDirectory(directory, new BackupFiles());
        try (BackupKeys none = BackupKeys.ofSecret(backup, Optional.empty());
                UnitReader reader = new UnitReader(file, none)) {
            for (Optional<UnitItem> item = reader.next(); item.isPresent(); item = reader.next()) {
                items.add(item.get());
            }
        }
        return items;
    }

    private static BackupListing listing(UnitSize size) {
        return new BackupListing(
                1,
                STORE,
                new DeviceId(Bytes.fromHex("cd".repeat(32))),
                Instant.parse("2026-01-01T00:00:00Z"),
                0,
                Optional.empty(),
                2,
                1,
                2,
                Bytes.fromHex("ef".repeat(32)),
                List.of(new BackupUnit(STORE, SEGMENT, size)));
    }

    @Test
    void unitIsThatOfThePage() throws IOException {
        List<UnitItem> items = List.of(batch("fig"), batch("plum"));
        write(SEGMENT, items);
        assertThat(written()).isEqualTo(goldenBytes("unit"));
        assertThat(read(goldenBytes("unit"))).isEqualTo(items);
        assertThat(read(goldenBytes("packed unit"))).isEqualTo(items);
    }

    @Test
    void filesAndManifestAreThoseOfThePage() throws IOException {
        BackupListing listing = listing(write(SEGMENT, List.of(batch("fig"), batch("plum"))));
        BackupUnit.Origin files = new BackupUnit.Origin.Files(BackupManifest.hash(listing));
        List<UnitItem> items =
                List.of(
                        new UnitItem(UnitItem.Kind.MODEL, 0, Bytes.ofUtf8("m")),
                        new UnitItem(UnitItem.Kind.FILE, 0, Bytes.ofUtf8("device")),
                        new UnitItem(UnitItem.Kind.LINE, 0, Bytes.ofUtf8("pkcs8=00")));
        UnitSize size = write(files, items);
        assertThat(written()).isEqualTo(goldenBytes("files"));
        assertThat(read(goldenBytes("files"))).isEqualTo(items);
        BackupManifest manifest = new BackupManifest(listing, new BackupUnit(STORE, files, size));
        assertThat(manifest.encode().toUtf8()).isEqualTo(golden("manifest"));
        assertThat(BackupManifest.decode("it", manifest.encode().toArray())).isEqualTo(manifest);
    }

    @Test
    void aManifestOfANewerFormIsToldByName() throws IOException {
        byte[] newer =
                golden("manifest").replace("backup 1", "backup 2").getBytes(StandardCharsets.UTF_8);
        TestStores.assertCode(ErrorCode.FORMAT_VERSION, () -> BackupManifest.decode("it", newer));
    }

    @Test
    void aUnitOfANewerFormIsToldByName() {
        TestStores.assertCode(
                ErrorCode.FORMAT_VERSION,
                () -> {
                    byte[] newer = STORED.head(SEGMENT, STORE).encode().toArray();
                    newer[4] = 2;
                    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
                    crc.update(newer, 0, UnitHead.SIZE - Integer.BYTES);
                    java.nio.ByteBuffer.wrap(newer)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .putInt(UnitHead.SIZE - Integer.BYTES, (int) crc.getValue());
                    UnitHead.decode("it", newer);
                });
    }

    @Test
    void aLineIsSplitAndPutTogetherAgain() throws IOException {
        String line = "x".repeat((1 << 20) + 1);
        write(new BackupUnit.Origin.Files(CHAIN), List.of());
        Path file = directory.resolve("unit");
        try (UnitWriter writer =
                new UnitWriter(
                        new BackupFiles(),
                        file,
                        STORED.head(new BackupUnit.Origin.Files(CHAIN), STORE),
                        STORED)) {
            KeptFiles.addTo(writer, java.util.Map.of("peers", List.of(line)));
            assertThat(writer.end().largest()).isEqualTo(1 << 20);
        }
        assertThat(read(written())).hasSize(3);
    }
}
