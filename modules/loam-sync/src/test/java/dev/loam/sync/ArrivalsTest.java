package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ArrivalsTest {
    /** What comes at once, and whether all that is ready is taken away after it. */
    record Arrival(List<SyncEntry> entries, boolean isTaken) {}

    @Property(tries = 500)
    void theLongestRunCoveredByItsOwnSealsIsReady(@ForAll("arrivals") List<Arrival> came) {
        Arrivals arrivals = Arrivals.NONE;
        List<SyncEntry> pending = new ArrayList<>();
        for (Arrival arrival : came) {
            arrivals = arrivals.with(arrival.entries());
            pending.addAll(arrival.entries());
            int covered = longestCovered(pending);

            assertThat(arrivals.ready()).isEqualTo(pending.subList(0, covered));
            assertThat(arrivals.hasReady()).isEqualTo(covered > 0);
            assertThat(arrivals.waiting()).isEqualTo(pending.size() - covered);
            if (arrival.isTaken()) {
                arrivals = arrivals.without(covered);
                pending.subList(0, covered).clear();
            }
        }
    }

    /** A store cannot write any number of batches at once. */
    @Example
    void manyAreReadyInGroupsThatEndAtSeals() {
        Arrivals arrivals = Arrivals.NONE;
        List<SyncEntry> all = new ArrayList<>();
        for (int number = 1; number <= 2 * Arrivals.GROUP_MAX + 10; number += 2) {
            List<SyncEntry> pair =
                    List.of(
                            Scripted.open(Scripted.BERT, number, 0),
                            Scripted.sealed(Scripted.BERT, number + 1, 0));
            arrivals = arrivals.with(pair);
            all.addAll(pair);
        }
        List<SyncEntry> given = new ArrayList<>();
        while (arrivals.hasReady()) {
            List<SyncEntry> group = arrivals.ready();
            assertThat(group).hasSizeLessThanOrEqualTo(Arrivals.GROUP_MAX);
            assertThat(group.getLast().isSealed()).isTrue();
            given.addAll(group);
            arrivals = arrivals.without(group.size());
        }
        assertThat(given).isEqualTo(all);
        assertThat(arrivals.isEmpty()).isTrue();
    }

    private static int longestCovered(List<SyncEntry> entries) {
        for (int length = entries.size(); length > 0; length--) {
            Set<ActorId> covered = new HashSet<>();
            boolean allCovered = true;
            for (SyncEntry entry : entries.subList(0, length).reversed()) {
                if (entry.isSealed()) {
                    covered.add(entry.actor());
                }
                allCovered &= covered.contains(entry.actor());
            }
            if (allCovered) {
                return length;
            }
        }
        return 0;
    }

    @Provide
    Arbitrary<List<Arrival>> arrivals() {
        Arbitrary<SyncEntry> entry =
                Arbitraries.integers()
                        .between(0, 8)
                        .map(
                                drawn ->
                                        drawn % 3 == 2
                                                ? Scripted.open(ModelStore.actor(drawn / 3), 1, 0)
                                                : Scripted.sealed(
                                                        ModelStore.actor(drawn / 3), 1, 0));
        return entry.list()
                .ofMaxSize(5)
                .flatMap(
                        entries ->
                                Arbitraries.of(true, false)
                                        .map(taken -> new Arrival(entries, taken)))
                .list()
                .ofMaxSize(10);
    }
}
