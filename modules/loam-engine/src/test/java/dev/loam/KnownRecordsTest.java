package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownRecordsTest {
    private static final VaultId VAULT = new VaultId(Bytes.adopt(new byte[VaultId.SIZE]));

    private static RecordId id(int number) {
        return new RecordId(VAULT, "key-" + number);
    }

    @Test
    void neverDeniesARecordThatItHasMetAndSeldomClaimsAnother() {
        KnownRecords known = new KnownRecords();
        long claimed = IntStream.range(0, 200_000).filter(i -> known.meet(id(i))).count();
        assertThat(claimed).isLessThan(20);
        assertThat(IntStream.range(0, 200_000).allMatch(i -> known.meet(id(i)))).isTrue();
    }
}
