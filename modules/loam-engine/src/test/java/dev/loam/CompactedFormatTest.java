package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import dev.loam.index.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The blocks of a compacted segment are those of {@code docs/formats/compacted.md}. */
class CompactedFormatTest {
    private static final Path PAGE = Path.of("../../docs/formats/compacted.md");
    private static final VaultId VAULT =
            new VaultId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));

    private static Bytes golden(String name) throws IOException {
        Matcher block =
                Pattern.compile("```text golden " + name + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(block.find()).as(name).isTrue();
        return Bytes.fromHex(block.group(1).replaceAll("\\s", ""));
    }

    @Test
    void packIsThatOfThePage() throws IOException {
        Pack pack = new Pack();
        pack.letGo();
        pack.keep(Bytes.ofUtf8("fig"));
        pack.letGo();
        assertThat(pack.take()).isEqualTo(golden("pack"));
        assertThat(Pack.payloads(golden("pack"), 3))
                .containsExactly(
                        Optional.empty(), Optional.of(Bytes.ofUtf8("fig")), Optional.empty());
    }

    @Test
    void deflatedPackIsReadAsThePageSays() throws IOException {
        assertThat(Pack.payloads(golden("deflated pack"), 2))
                .containsExactly(Optional.of(Bytes.ofUtf8("fig".repeat(20))), Optional.empty());
        Pack pack = new Pack();
        pack.keep(Bytes.ofUtf8("fig".repeat(20)));
        assertThat(Pack.payloads(pack.take(), 1))
                .containsExactly(Optional.of(Bytes.ofUtf8("fig".repeat(20))));
    }

    @Test
    void statesAreThoseOfThePage() throws IOException {
        States.Vaults vaults =
                new States.Vaults(
                        new Position(90_300), StoreState.EMPTY, new TreeMap<>(), new TreeMap<>());
        assertThat(vaults.encode()).isEqualTo(golden("vaults"));
        assertThat(((States.Vaults) States.decode(golden("vaults"))).asOf())
                .isEqualTo(new Position(90_300));
        States.Records records =
                new States.Records(
                        List.of(new StoredRecord(new RecordId(VAULT, "k"), Bytes.ofUtf8("s"))));
        assertThat(records.encode()).isEqualTo(golden("records"));
        assertThat(States.decode(golden("records"))).isEqualTo(records);
    }

    @Test
    void newerFormIsRefusedByNameAndDamageIsTold() throws IOException {
        byte[] newer = golden("pack").toArray();
        newer[0] = 2;
        assertCode(ErrorCode.FORMAT_VERSION, () -> Pack.payloads(Bytes.copyOf(newer), 3));
        assertCode(ErrorCode.FORMAT_VERSION, () -> States.decode(Bytes.copyOf(newer)));
        byte[] content = golden("deflated pack").toArray();
        for (int cut = 1; cut < content.length; cut++) {
            Bytes torn = Bytes.copyOf(content, 0, cut);
            assertCode(ErrorCode.CORRUPT, () -> Pack.payloads(torn, 2));
        }
        byte[] huge = golden("pack").toArray();
        huge[2] = (byte) 0xff;
        assertCode(ErrorCode.CORRUPT, () -> Pack.payloads(Bytes.copyOf(huge), 3));
        assertCode(ErrorCode.CORRUPT, () -> Pack.payloads(golden("pack"), 4));
        assertCode(ErrorCode.CORRUPT, () -> Pack.payloads(golden("pack"), 2));
    }
}
