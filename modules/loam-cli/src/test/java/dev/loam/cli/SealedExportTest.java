package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.crypto.MasterKey;
import dev.loam.crypto.Recipients;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SectionOutput;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import dev.loam.json.ExportOptions;
import dev.loam.json.VaultExport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that only the holder of a secret can read. */
final class SealedExportTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir private Path home;
    @TempDir private Path other;

    private static SlotSecret key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return new SlotSecret.Key(SlotSecret.Source.KEY_FILE, Secret.take(key));
    }

    private static Run run(String stdin, Path home, String... arguments) {
        Run run = Run.withInput(stdin, home, arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private Path export(String passphrase) {
        run("", home, "remember", "--no-model", "--key", "a", "the canary of the mine");
        Path file = home.resolve("sealed.export");
        run(passphrase, home, "export", "--output", file.toString(), "--file-passphrase-fd", "0");
        return file;
    }

    private Run importing(String stdin, Path file, String... more) {
        String[] arguments =
                Arrays.copyOf(new String[] {"import", file.toString()}, 2 + more.length);
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Run.withInput(stdin, other, arguments);
    }

    @Test
    void whoeverHasThePassphraseImportsIt() throws IOException {
        Path file = export("cafe\u0301 and words\n");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .startsWith("LSEA")
                .doesNotContain("canary", "main", "loamExport");
        // The same words from another keyboard.
        Run imported =
                importing(
                        "caf\u00e9 and words\r\n", file, "--no-model", "--file-passphrase-fd", "0");
        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(run("", other, "get", "a").out()).contains("the canary of the mine");
    }

    @Test
    void nobodyElseDoesAndNothingIsMade() {
        Path file = export("right\n");
        assertRefused("KEY_MISSING", importing("", file));
        assertRefused("WRONG_KEY", importing("wrong\n", file, "--file-passphrase-fd", "0"));
        assertRefused("KEY_MALFORMED", importing("\n", file, "--file-passphrase-fd", "0"));
        assertRefused("KEY_SOURCE", importing("", file, "--file-passphrase-fd", "987"));
        Path plain = home.resolve("plain.export");
        run("", home, "export", "--output", plain.toString());
        assertRefused("NOT_ENCRYPTED", importing("right\n", plain, "--file-passphrase-fd", "0"));
        assertThat(other.resolve(".loam")).doesNotExist();
    }

    private static void assertRefused(String code, Run run) {
        assertThat(run.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(run.err()).startsWith("loam: " + code + ": ").hasLineCount(1);
    }

    private static SealedStream stream(SlotSecret secret) {
        return SealedStream.begin(
                SealedStream.Kind.EXPORT,
                Suite.AES_256_GCM,
                new Recipients.Holder(secret),
                Instant.EPOCH,
                new SecureRandom());
    }

    /** Sealed for a key, which takes no time to try. */
    private byte[] sealed(SlotSecret secret) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (secret;
                Loam loam = Loam.open(home.resolve("store"), LoamOptions.unencrypted());
                SealedOutput out = SealedOutput.begin(to, stream(secret))) {
            loam.vault("main").put(Memory.of("text").key("a"));
            loam.vault("main").put(Memory.of("more").key("b"));
            VaultExport.write(
                    loam.vault("main"),
                    ExportOptions.all(),
                    Instant.EPOCH,
                    line -> {
                        try {
                            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                        } catch (IOException impossible) {
                            throw new AssertionError(impossible);
                        }
                    });
            out.finish();
        }
        return to.toByteArray();
    }

    private ExportFile.Checked check(byte[] content) throws IOException {
        Path file = Files.write(home.resolve("checked.export"), content);
        try (SlotSecret secret = key(1);
                ExportFile export =
                        ExportFile.open(
                                file, Optional.of(secret), new ExportFile.Terms(10, false))) {
            return export.check(Progress.NONE);
        }
    }

    @Test
    void everyByteThatIsAlteredAndEveryCutIsRefused() throws IOException {
        byte[] file = sealed(key(1));
        check(file);
        for (int at = 0; at < file.length; at++) {
            byte[] altered = file.clone();
            altered[at] ^= (byte) (1 << at % 8);
            assertThatExceptionOfType(LoamException.class)
                    .as("byte %d", at)
                    .isThrownBy(() -> check(altered))
                    .satisfies(
                            refused ->
                                    assertThat(refused.code())
                                            .isIn(
                                                    ErrorCode.CORRUPT,
                                                    ErrorCode.FORMAT_VERSION,
                                                    ErrorCode.NOT_ENCRYPTED));
            byte[] cut = Arrays.copyOf(file, at);
            assertThatExceptionOfType(LoamException.class)
                    .as("cut to %d", at)
                    .isThrownBy(() -> check(cut))
                    .satisfies(
                            refused ->
                                    assertThat(refused.code())
                                            .isIn(ErrorCode.CORRUPT, ErrorCode.NOT_ENCRYPTED));
        }
        byte[] longer = Arrays.copyOf(file, file.length + 1);
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> check(longer))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void aBackupIsNoExport() throws IOException {
        Path file = home.resolve("backup");
        try (SlotSecret secret = key(1);
                MasterKey store =
                        MasterKey.create(
                                new StoreId(Bytes.fromHex("00".repeat(16))),
                                Suite.AES_256_GCM,
                                secret,
                                "",
                                Instant.EPOCH,
                                RANDOM);
                SealedStream stream =
                        SealedStream.begin(
                                SealedStream.Kind.BACKUP,
                                Suite.AES_256_GCM,
                                new Recipients.Store(store),
                                Instant.EPOCH,
                                RANDOM)) {
            Files.write(file, stream.header().encode().toArray());
        }
        Run run = importing("words\n", file, "--file-passphrase-fd", "0");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run.err()).contains("is a sealed backup, and no export");
    }

    private static byte[] packed(byte[] content) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (PackedOutput out = new PackedOutput(to)) {
            out.write(content);
            out.finish();
        }
        return to.toByteArray();
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (InputStream in = new PackedInput(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void whatIsPackedIsUnpackedHoweverMuchOrLittleItShrinks() throws IOException {
        byte[] noise = new byte[PackedInput.BLOCK_BYTES_MAX + 1];
        new Random(7).nextBytes(noise);
        StringBuilder counted = new StringBuilder();
        for (int i = 0; counted.length() < 1_000_000; i++) {
            counted.append("all work and no play ").append(i);
        }
        byte[] words = counted.toString().getBytes(StandardCharsets.UTF_8);
        for (byte[] content : new byte[][] {new byte[0], {1}, noise, words, new byte[3_000_000]}) {
            assertThat(unpacked(packed(content))).isEqualTo(content);
        }
        assertThat(packed(words).length).isLessThan(words.length / 5);
        assertThat(packed(noise).length).isLessThan(noise.length + 30);
    }

    private static void assertBomb(int codec, int size, int stored, byte[] block) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        to.write(codec);
        for (int number : new int[] {size, stored}) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                to.write(number >>> shift);
            }
        }
        to.writeBytes(block);
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> unpacked(to.toByteArray()))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void aBlockThatHoldsMoreThanItMayIsRefusedBeforeItIsUnpacked() throws IOException {
        int most = PackedInput.BLOCK_BYTES_MAX;
        assertBomb(PackedInput.DEFLATE, most + 1, most, new byte[most]);
        assertBomb(PackedInput.DEFLATE, -1, -1, new byte[8]);
        assertBomb(PackedInput.DEFLATE, 201, 2, new byte[2]);
        assertBomb(PackedInput.DEFLATE, 0, 0, new byte[0]);
        assertBomb(PackedInput.STORED, 3, 2, new byte[2]);
        assertBomb(2, 2, 2, new byte[2]);
        assertBomb(PackedInput.STORED, 5, 5, new byte[4]);
        byte[] words = "all work and no play ".repeat(100).getBytes(StandardCharsets.UTF_8);
        byte[] whole = packed(words);
        byte[] block = Arrays.copyOfRange(whole, 9, whole.length);
        // More, or less, than it says.
        assertBomb(PackedInput.DEFLATE, words.length - 1, block.length, block);
        assertBomb(PackedInput.DEFLATE, words.length + 1, block.length, block);
        assertBomb(
                PackedInput.DEFLATE,
                words.length,
                block.length + 1,
                Arrays.copyOf(block, block.length + 1));
    }

    @Test
    void everyByteOfABlockThatIsAlteredEndsInASentence() throws IOException {
        byte[] words = "all work and no play ".repeat(20).getBytes(StandardCharsets.UTF_8);
        byte[] whole = packed(words);
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] altered = whole.clone();
                altered[at] ^= (byte) bit;
                try {
                    // What is packed has no checksum of its own: the seal around it has.
                    assertThat(unpacked(altered).length).isEqualTo(words.length);
                } catch (LoamException refused) {
                    assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
                }
            }
        }
    }

    @Test
    void anExportThatBrokeOffIsRefused() throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (SlotSecret secret = key(1);
                SealedStream stream =
                        SealedStream.begin(
                                SealedStream.Kind.EXPORT,
                                Suite.AES_256_GCM,
                                new Recipients.Holder(secret),
                                Instant.EPOCH,
                                RANDOM)) {
            to.writeBytes(stream.header().encode().toArray());
            SectionOutput.begin(to, stream.seal(SealedOutput.SECTION, RANDOM)).close();
        }
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> check(to.toByteArray()))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }
}
