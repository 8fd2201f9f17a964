package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the engine writes into frames of the log and into greetings, packed and not. */
public final class FuzzEntries implements FuzzTarget {
    @Override
    public List<byte[]> seeds() throws IOException {
        byte[] entry = new byte[1 + 16 + 16 + 1 + 32 + 1 + 3];
        entry[0] = 1;
        entry[33] = 1;
        return List.of(
                entry,
                FormatPages.bytes("compacted.md", "vaults"),
                FormatPages.bytes("compacted.md", "records"),
                FormatPages.bytes("compacted.md", "pack"),
                FormatPages.bytes("compacted.md", "deflated pack"),
                Deflated.decode(Bytes.adopt(FormatPages.bytes("compacted.md", "vaults"))).toArray(),
                Deflated.decode(Bytes.adopt(FormatPages.bytes("compacted.md", "records")))
                        .toArray(),
                Deflated.decode(Bytes.adopt(FormatPages.bytes("compacted.md", "pack"))).toArray(),
                FormatPages.bytes("log.md", "record annex"),
                new byte[41]);
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.CORRUPT,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.LIMIT_EXCEEDED,
                ErrorCode.INVALID_ARGUMENT);
    }

    @Override
    public void run(byte[] input) {
        Bytes content = Bytes.copyOf(input);
        Bytes packed = Deflated.encode(content);
        int count = input.length == 0 ? 0 : ((input[0] & 0x7f) << 24) | input.length;
        mayRefuse(() -> assertThat(LogEntry.decode(content).encode()).isEqualTo(content));
        mayRefuse(() -> assertThat(Deflated.decode(packed)).isEqualTo(content));
        for (Bytes block : List.of(content, packed)) {
            mayRefuse(() -> States.decode(block));
            mayRefuse(() -> Pack.payloads(block, 3));
            mayRefuse(() -> Pack.payloads(block, count));
        }
        mayRefuse(() -> assertThat(Introduction.encode(Introduction.decode(content))).isNotNull());
        RecordAnnex.decode(content);
    }
}
