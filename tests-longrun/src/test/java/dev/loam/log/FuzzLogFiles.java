package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.StoreId;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Sums;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The list of segments, and what lies beside a segment. */
public final class FuzzLogFiles implements FuzzTarget {
    private static final SegmentName NAME =
            new SegmentName(18, Bytes.fromHex("101112131415161718191a1b1c1d1e1f"));

    /** The line {@code crc32c=} of a manifest. */
    private static final int SUM_CHARS = 16;

    private final Bytes sealedManifest;
    private final LogKeys keys;

    public FuzzLogFiles() throws IOException {
        StoreId store = new StoreId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
        sealedManifest = Bytes.adopt(FormatPages.text("log.md", "sealed-manifest"));
        keys = new LogKeys(Optional.of(new TestSealing(store, Bytes.fromHex("02".repeat(32)))));
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        return List.of(
                FormatPages.text("log.md", "manifest"),
                sealedManifest.toArray(),
                FormatPages.text("log.md", "compacted-manifest"),
                FormatPages.bytes("log.md", "footer"),
                FormatPages.bytes("log.md", "annex"));
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.FORMAT_VERSION,
                ErrorCode.KEY_MISSING,
                ErrorCode.NOT_ENCRYPTED,
                ErrorCode.WRONG_KEY,
                ErrorCode.TAMPERED);
    }

    @Override
    public void run(byte[] input) {
        Bytes summed = Sums.atEnd(input);
        Footer.decode(summed.toArray())
                .ifPresent(
                        footer ->
                                assertThat(
                                                Footer.decode(footer.encode().toArray())
                                                        .orElseThrow()
                                                        .encode())
                                        .isEqualTo(footer.encode()));
        Annex.decode(summed.toArray(), NAME)
                .ifPresent(annex -> assertThat(annex.encode()).isEqualTo(summed));
        byte[] manifest = summedText(input);
        mayRefuse(() -> plain(manifest));
        mayRefuse(
                () ->
                        Manifest.decode(manifest, keys)
                                .ifPresent(
                                        _ ->
                                                assertThat(Bytes.copyOf(manifest))
                                                        .isEqualTo(sealedManifest)));
    }

    private static void plain(byte[] manifest) {
        Optional<Manifest> read = Manifest.decode(manifest);
        read.ifPresent(
                each -> assertThat(Manifest.decode(each.encode().toArray())).isEqualTo(read));
    }

    static byte[] summedText(byte[] input) {
        if (input.length < SUM_CHARS) {
            return input;
        }
        int end = input.length - SUM_CHARS;
        String line = "crc32c=" + HexFormat.of().toHexDigits(Sums.crc(input, 0, end)) + "\n";
        byte[] summed = input.clone();
        System.arraycopy(line.getBytes(StandardCharsets.US_ASCII), 0, summed, end, SUM_CHARS);
        return summed;
    }
}
