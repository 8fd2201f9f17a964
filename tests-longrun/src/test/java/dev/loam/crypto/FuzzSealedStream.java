package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Sums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A sealed export or backup, with the checksums of its header and chunks made right: what is read
 * of it is the beginning of what was sealed, whatever was done to it.
 */
public final class FuzzSealedStream implements FuzzTarget {
    private static final byte[] CONTENT = "text".getBytes(StandardCharsets.US_ASCII);
    private static final int SECTION = 7;

    private final byte[] golden;

    public FuzzSealedStream() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(FormatPages.bytes("sealed-stream.md", "HEADER"));
        all.write(FormatPages.bytes("sealed-stream.md", "SECTION"));
        golden = all.toByteArray();
    }

    private static SlotSecret secret() {
        return new SlotSecret.Key(SlotSecret.Source.KEY_FILE, FuzzKeys.key(1));
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(golden.clone());
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.CORRUPT,
                ErrorCode.TAMPERED,
                ErrorCode.WRONG_KEY,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.KEY_WEAK,
                ErrorCode.LIMIT_EXCEEDED);
    }

    @Override
    public void run(byte[] input) throws IOException {
        ByteArrayInputStream from = new ByteArrayInputStream(summed(input));
        StreamHeader header = SectionInput.header(from);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (SlotSecret secret = secret();
                SealedStream stream = header.unlock(secret);
                SectionInput section = SectionInput.begin(from, stream, SECTION)) {
            assertThat(header.encode().toArray())
                    .isEqualTo(Arrays.copyOf(golden, header.encode().size()));
            section.transferTo(read);
            assertThat(read.toByteArray()).isEqualTo(CONTENT);
        } finally {
            byte[] given = read.toByteArray();
            assertThat(Arrays.copyOf(CONTENT, given.length)).isEqualTo(given);
        }
    }

    /** With the sums of the header and of each chunk right, as far as lengths lead to them. */
    private static byte[] summed(byte[] input) {
        byte[] all = input.clone();
        ByteBuffer lengths = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        if (all.length >= StreamHeader.PREFIX_BYTES) {
            at = sum(all, 0, StreamHeader.PREFIX_BYTES, lengths.getInt(5) - Integer.BYTES);
            at = at < 0 ? at : sum(all, at, 0, SectionOpener.HEAD_BYTES - Integer.BYTES);
        }
        while (at >= 0 && at + Integer.BYTES <= all.length) {
            at = sum(all, at, Integer.BYTES, lengths.getInt(at) & Integer.MAX_VALUE);
        }
        return all;
    }

    /** Where it ends, or -1 if it is not whole. */
    private static int sum(byte[] all, int at, int prefix, int length) {
        long end = (long) at + prefix + length;
        if (length < 0 || end + Integer.BYTES > all.length) {
            return -1;
        }
        Sums.set(all, (int) end, Sums.crc(all, at, (int) end));
        return (int) end + Integer.BYTES;
    }
}
