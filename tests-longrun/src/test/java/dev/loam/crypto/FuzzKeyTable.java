package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Sums;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table of keys: as it lies on the disk, where no altered one opens, and as it is sealed, where
 * any content may be met by who has the key.
 */
public final class FuzzKeyTable implements FuzzTarget {
    private static final String LABEL = "log-keys";

    private final SecureRandom random = new SecureRandom();
    private final LastingKey parent = FuzzKeys.lasting();
    private final Bytes golden;

    public FuzzKeyTable() throws IOException {
        golden = Bytes.adopt(FormatPages.bytes("keys.md", "TABLE"));
    }

    @Override
    public List<byte[]> seeds() {
        Bytes id = Bytes.fromHex("aa".repeat(16));
        Bytes wrapped = parent.tableKey().with(key -> parent.wrap(id, key));
        Bytes row =
                new ByteWriter()
                        .varint(1)
                        .raw(id)
                        .raw(wrapped)
                        .bytes(Bytes.ofUtf8("of a file"))
                        .toBytes();
        return List.of(golden.toArray(), row.toArray(), new byte[1]);
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
    }

    @Override
    public void run(byte[] input) {
        try {
            Bytes stored = Sums.atEnd(input);
            KeyTable.decode("the table", LABEL, parent, stored)
                    .ifPresent(_ -> assertThat(stored).isEqualTo(golden));
        } catch (LoamException refused) {
            mayBe(refused);
        }
        content(Bytes.copyOf(input));
    }

    /** What the holder of the key sealed need not be a table all the same. */
    private void content(Bytes rows) {
        Bytes sealed =
                SealedBlob.seal(
                        parent.suite(),
                        parent.tableKey(),
                        random,
                        LABEL,
                        parent.store().bytes(),
                        rows);
        Bytes file =
                Checksummed.of(
                        new ByteWriter().raw(Bytes.ofUtf8("LTAB")).u8(1).raw(sealed).toBytes());
        Optional<KeyTable> table = KeyTable.decode("the table", LABEL, parent, file);
        assertThat(table).isPresent();
        for (Bytes id : table.get().ids()) {
            assertThat(table.get().note(id)).isPresent();
        }
        Bytes again = table.get().encode(random);
        assertThat(KeyTable.decode("the table", LABEL, parent, again).orElseThrow().ids())
                .isEqualTo(table.get().ids());
    }
}
