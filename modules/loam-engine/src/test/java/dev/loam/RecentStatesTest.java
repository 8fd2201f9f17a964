package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.StoreId;
import dev.loam.core.VaultId;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordChange;
import dev.loam.index.RecordIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer keeps of the states it needed last. */
class RecentStatesTest {
    private static final VaultId VAULT = new VaultId(Bytes.fromHex("00".repeat(VaultId.SIZE)));

    @TempDir Path directory;
    private final RecentStates recent = new RecentStates();
    private RecordIndex index;
    private IndexSnapshot empty;

    @BeforeEach
    void openEmptyIndex() {
        StoreId store = new StoreId(Bytes.fromHex("00".repeat(StoreId.SIZE)));
        index = RecordIndex.open(directory, store, new MemoryLayout(new TreeSet<>()));
        empty = index.snapshot();
    }

    @AfterEach
    void closeIndex() {
        empty.close();
        index.close();
    }

    private static RecordId id(int number) {
        return new RecordId(VAULT, "k" + number);
    }

    private static RecordChange change(int number, int size) {
        return RecordChange.next(id(number), Bytes.adopt(new byte[size]));
    }

    private boolean isKept(int number) {
        return recent.state(id(number), empty).isPresent();
    }

    @Test
    void theStateAppliedLastIsGiven() {
        recent.applied(List.of(change(1, 3), change(1, 5), change(2, 7)));

        assertThat(recent.state(id(1), empty).orElseThrow().size()).isEqualTo(5);
        assertThat(recent.state(id(2), empty).orElseThrow().size()).isEqualTo(7);
        assertThat(isKept(3)).isFalse();
    }

    @Test
    void atMostSoManyRecordsAreKeptAndThoseNeededLast() {
        List<RecordChange> changes = new ArrayList<>();
        for (int i = 0; i < RecentStates.RECORDS_MAX; i++) {
            changes.add(change(i, 1));
        }
        recent.applied(changes);
        assertThat(isKept(0)).isTrue();

        recent.applied(List.of(change(RecentStates.RECORDS_MAX, 1)));

        assertThat(recent.size()).isEqualTo(RecentStates.RECORDS_MAX);
        assertThat(isKept(0)).isTrue();
        assertThat(isKept(1)).isFalse();
    }

    @Test
    void atMostSoManyBytesAreKept() {
        int half = RecentStates.BYTES_MAX / 2;
        recent.applied(List.of(change(1, half - 2), change(2, half - 2)));
        assertThat(recent.sizeBytes()).isEqualTo(RecentStates.BYTES_MAX);

        recent.applied(List.of(change(1, half - 1)));
        assertThat(isKept(1)).isTrue();
        assertThat(isKept(2)).isFalse();

        recent.applied(List.of(change(3, RecentStates.BYTES_MAX)));
        assertThat(recent.size()).isZero();
        assertThat(recent.sizeBytes()).isZero();
    }

    @Test
    void nothingIsLeftOnceCleared() {
        recent.applied(List.of(change(1, 3)));

        recent.clear();

        assertThat(isKept(1)).isFalse();
        assertThat(recent.sizeBytes()).isZero();
    }
}
