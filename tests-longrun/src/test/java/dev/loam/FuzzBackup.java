package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Scratch;
import dev.loam.fuzz.Sums;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;

/** The units of a backup and the list of them, with the sums right that anybody can make right. */
public final class FuzzBackup implements FuzzTarget {
    private static final int SUM_CHARS = "sha256=".length() + 64 + 1;
    private static final int CODEC_AT = 6;

    private final Path directory = Scratch.make();

    public FuzzBackup() throws IOException {}

    @Override
    public List<byte[]> seeds() throws IOException {
        return List.of(
                FormatPages.text("backup.md", "manifest"),
                FormatPages.bytes("backup.md", "unit"),
                FormatPages.bytes("backup.md", "packed unit"),
                FormatPages.bytes("backup.md", "files"));
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION, ErrorCode.KEY_MISSING);
    }

    @Override
    public void run(byte[] input) throws IOException {
        manifest(input);
        if (input.length < UnitHead.SIZE) {
            return;
        }
        byte[] head = Sums.atEnd(Arrays.copyOf(input, UnitHead.SIZE)).toArray();
        byte[] body = Arrays.copyOfRange(input, UnitHead.SIZE, input.length);
        unit(head, body);
        head[CODEC_AT] = 1;
        unit(Sums.atEnd(head).toArray(), deflated(body));
    }

    private void manifest(byte[] input) {
        byte[] text = input;
        if (input.length > SUM_CHARS) {
            byte[] before = Arrays.copyOf(input, input.length - SUM_CHARS);
            String sum = "sha256=" + Tally.hash(Bytes.adopt(before)).toHex() + "\n";
            text = Arrays.copyOf(before, input.length);
            System.arraycopy(
                    sum.getBytes(StandardCharsets.US_ASCII), 0, text, before.length, SUM_CHARS);
        }
        try {
            BackupManifest manifest = BackupManifest.decode("the manifest", text);
            assertThat(manifest.encode()).isEqualTo(Bytes.copyOf(text));
            manifest.units().forEach(unit -> assertThat(unit.name()).matches("[0-9a-z.-]+"));
        } catch (LoamException refused) {
            mayBe(refused);
        }
    }

    private void unit(byte[] head, byte[] body) throws IOException {
        Path file = directory.resolve("unit");
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        Files.write(file, all);
        BackupDirectory backup = new BackupDirectory(directory, new BackupFiles());
        try (BackupKeys none = BackupKeys.ofSecret(backup, Optional.empty());
                UnitReader reader = new UnitReader(file, none)) {
            long items = 0;
            for (Optional<UnitItem> item = reader.next(); item.isPresent(); item = reader.next()) {
                items++;
            }
            assertThat(reader.size().items()).isEqualTo(items);
        } catch (LoamException refused) {
            mayBe(refused);
        }
    }

    private static byte[] deflated(byte[] body) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (DeflaterOutputStream packing = new DeflaterOutputStream(to)) {
            packing.write(body);
        }
        return to.toByteArray();
    }
}
