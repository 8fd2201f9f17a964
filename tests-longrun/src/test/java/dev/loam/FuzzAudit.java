package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.StoreId;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Sums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A file of the audit trail, its head, and what one event says. */
public final class FuzzAudit implements FuzzTarget {
    private static final StoreId STORE = new StoreId(Bytes.fromHex("07".repeat(StoreId.SIZE)));
    private static final int HEADER_BYTES = AuditFile.header(STORE, 1).size();

    @Override
    public List<byte[]> seeds() throws IOException {
        byte[] file = FormatPages.bytes("audit.md", "FILE");
        AuditFile read = AuditFile.parse(STORE, 1, Bytes.copyOf(file));
        byte[] entry = read.frames().getFirst().stored().orElseThrow().toArray();
        byte[] event = {36, 42, 1, 2, 3};
        return List.of(file, FormatPages.bytes("audit.md", "HEAD"), entry, event);
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.CORRUPT);
    }

    @Override
    public void run(byte[] input) {
        Bytes content = Bytes.copyOf(input);
        mayRefuse(() -> chained(content));
        mayRefuse(
                () -> {
                    AuditEvent event = AuditCodec.read(ByteReader.of("an event", content));
                    ByteWriter again = new ByteWriter();
                    AuditCodec.write(event, again);
                    assertThat(AuditCodec.read(ByteReader.of("an event", again.toBytes())))
                            .isEqualTo(event);
                });
        mayRefuse(
                () -> {
                    Bytes head = AuditFile.unframed(Sums.atEnd(input)).orElse(content);
                    assertThat(SignedHead.decode(head).encode()).isEqualTo(head);
                });
        Bytes file = summed(input);
        AuditFile read = AuditFile.parse(STORE, 1, file);
        assertThat(read.wholeBytes()).isLessThanOrEqualTo(read.bytes());
        read.frames()
                .forEach(frame -> frame.stored().ifPresent(each -> mayRefuse(() -> chained(each))));
    }

    private static void chained(Bytes stored) {
        assertThat(ChainedEntry.decode(stored).encode()).isEqualTo(stored);
    }

    /** Behind the header that belongs there, with the sum of each frame right. */
    private static Bytes summed(byte[] input) {
        if (input.length < HEADER_BYTES) {
            return Bytes.copyOf(input);
        }
        byte[] all = input.clone();
        AuditFile.header(STORE, 1).copyTo(all, 0);
        ByteBuffer lengths = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int at = HEADER_BYTES;
        while (at + 2 * Integer.BYTES <= all.length) {
            long end = at + Integer.BYTES + (long) lengths.getInt(at);
            if (end < at + Integer.BYTES || end + Integer.BYTES > all.length) {
                break;
            }
            Sums.set(all, (int) end, Sums.crc(all, at, (int) end));
            at = (int) end + Integer.BYTES;
        }
        return Bytes.adopt(all);
    }
}
