package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RecordAnnexTest {
    private static final Path PAGE = Path.of("../../docs/formats/log.md");
    private static final VaultId VAULT =
            new VaultId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));

    private static List<Long> positions(RecordAnnex annex, long hash) {
        List<Long> found = new ArrayList<>();
        annex.forEach(hash, found::add);
        return found;
    }

    @Test
    void theBytesAreThoseOfThePage() throws IOException {
        long record = RecordHash.ofRecord(new RecordId(VAULT, "fig"));
        long dependency =
                RecordHash.ofDependency(
                        VAULT,
                        new ActorId(Bytes.fromHex("aa".repeat(16))),
                        new ActorId(Bytes.fromHex("bb".repeat(16))));
        RecordAnnex annex =
                RecordAnnex.sorting(
                        90_212,
                        90_300,
                        false,
                        new long[] {record, dependency, record},
                        new int[] {0, 3, 3});
        Bytes golden = golden();
        assertThat(annex.encode()).isEqualTo(golden);

        RecordAnnex read = RecordAnnex.decode(golden).orElseThrow();
        assertThat(positions(read, record)).containsExactly(90_212L, 90_215L);
        assertThat(positions(read, dependency)).containsExactly(90_215L);
        assertThat(positions(read, record + 1)).isEmpty();
        assertThat(read.damaged()).isFalse();
        assertThat(read.covers(90_212, 90_300)).isTrue();
        assertThat(read.covers(90_212, 90_301)).isFalse();
        assertThat(read.covers(90_211, 90_300)).isFalse();
    }

    private static Bytes golden() throws IOException {
        Matcher block =
                Pattern.compile("```text golden record annex\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return Bytes.fromHex(block.group(1).replaceAll("\\s", ""));
    }

    @Test
    void allPositionsOfEachHashAreFoundInTheirOrder() {
        Random random = new Random(5);
        long[] hashes = new long[5_000];
        int[] offsets = new int[hashes.length];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = random.nextBoolean() ? random.nextLong() : random.nextInt(40) - 20;
            offsets[i] = i / 3;
        }
        RecordAnnex annex = RecordAnnex.sorting(7, 5_000, true, hashes.clone(), offsets.clone());
        RecordAnnex read = RecordAnnex.decode(annex.encode()).orElseThrow();
        assertThat(read.damaged()).isTrue();
        for (long hash : Arrays.stream(hashes).distinct().toArray()) {
            List<Long> expected = new ArrayList<>();
            for (int i = 0; i < hashes.length; i++) {
                if (hashes[i] == hash) {
                    expected.add(7L + offsets[i]);
                }
            }
            assertThat(positions(annex, hash)).isEqualTo(expected);
            assertThat(positions(read, hash)).isEqualTo(expected);
        }
    }

    @Test
    void otherBytesAreNoAnnex() {
        Bytes whole =
                RecordAnnex.sorting(1, 9, false, new long[] {1, 2}, new int[] {0, 1}).encode();
        for (int length = 0; length < whole.size(); length++) {
            assertThat(RecordAnnex.decode(whole.slice(0, length))).isEmpty();
        }
        byte[] newer = whole.toArray();
        newer[0]++;
        assertThat(RecordAnnex.decode(Bytes.adopt(newer))).isEmpty();
    }
}
