package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** State is a function of the set of operations. */
class MergePropertyTest {
    @Provide
    Arbitrary<History> histories() {
        return History.histories();
    }

    @Property(tries = 500)
    void everyOrderOfArrivalGivesTheSameBytesAndDigest(
            @ForAll("histories") History history, @ForAll long seed) {
        List<Replica> members = history.play();
        Replica first = reader(History.batches(members));

        Random random = new Random(seed);
        for (int order = 0; order < 4; order++) {
            List<SealedBatch> shuffled = History.batches(members);
            Collections.shuffle(shuffled, random);
            assertThat(reader(shuffled).bytes()).isEqualTo(first.bytes());
        }
    }

    @Property(tries = 400)
    void membersThatHaveSyncedWithAllAgree(@ForAll("histories") History history) {
        List<Replica> members = history.play();
        Replica hub = members.getFirst();
        members.forEach(hub::syncFrom);
        for (Replica member : members) {
            member.syncFrom(hub);
            assertThat(member.bytes()).isEqualTo(hub.bytes());
        }
    }

    @Property(tries = 400)
    void duplicatesAreHarmlessWhereverTheyFall(
            @ForAll("histories") History history, @ForAll long seed) {
        List<SealedBatch> once = History.batches(history.play());
        List<SealedBatch> twice = new ArrayList<>(once);
        twice.addAll(once);
        Collections.shuffle(twice, new Random(seed));

        assertThat(reader(twice).bytes()).isEqualTo(reader(once).bytes());
    }

    @Property(tries = 500)
    void stateIsWhatItsOperationsMean(@ForAll("histories") History history) {
        Replica replica = reader(History.batches(history.play()));
        for (Map.Entry<String, RecordState> entry : replica.records().entrySet()) {
            DeclaredRecord meant = DeclaredRecord.of(replica, entry.getKey());
            RecordState state = entry.getValue();
            assertThat(state.isAlive()).isEqualTo(meant.isAlive());
            assertThat(state.life().deletes()).containsExactlyElementsOf(meant.deletes());
            assertThat(state.removals()).containsExactlyElementsOf(meant.removals());
            assertThat(state.unknownOperations()).isEqualTo((int) meant.unknownOperations());
            assertAggregates(state.fields().aggregates(), meant);
            for (String name : List.of("f0", "f1", "f2")) {
                FieldName field = new FieldName(name);
                Register<Value> kept =
                        state.fields().registers().getOrDefault(field, Register.empty());
                assertThat(kept.siblings()).isEqualTo(meant.siblings(field));
            }
            ElementSet tags = state.fields().sets().getOrDefault(FieldName.TAGS, ElementSet.EMPTY);
            assertThat(tags.elements()).isEqualTo(meant.elements(FieldName.TAGS));
        }
    }

    private static void assertAggregates(Aggregates kept, DeclaredRecord meant) {
        FieldName field = new FieldName("f0");
        assertThat(kept.counters().getOrDefault(field, Counter.EMPTY).total())
                .isEqualTo(meant.total(field));
        assertThat(kept.logs().getOrDefault(field, AppendLog.EMPTY).values())
                .isEqualTo(meant.entries(field));
        assertThat(Optional.ofNullable(kept.maxima().get(field)).map(Aggregates::greatest))
                .isEqualTo(meant.maximum(field));
        assertThat(Optional.ofNullable(kept.minima().get(field)).map(Aggregates::least))
                .isEqualTo(meant.minimum(field));
    }

    @Property(tries = 400)
    void theDigestIsTheSumOverLivingRecords(@ForAll("histories") History history) {
        Replica replica = reader(History.batches(history.play()));
        StateDigest sum = StateDigest.EMPTY;
        for (Map.Entry<String, RecordState> entry : replica.records().entrySet()) {
            if (entry.getValue().isAlive()) {
                RecordId id = new RecordId(Device.VAULT, entry.getKey());
                sum = sum.plus(entry.getValue().contentHash(id));
            }
        }
        assertThat(replica.vault().digest()).isEqualTo(sum);
    }

    @Property(tries = 400)
    void statesSurviveTheirBytes(@ForAll("histories") History history) {
        Replica replica = reader(History.batches(history.play()));
        assertThat(VaultState.decode(replica.vault().encode()).encode())
                .isEqualTo(replica.vault().encode());
        for (RecordState state : replica.records().values()) {
            assertThat(RecordState.decode(state.encode()).encode()).isEqualTo(state.encode());
        }
    }

    private static Replica reader(List<SealedBatch> batches) {
        Replica reader = Replica.reader();
        batches.forEach(reader::receive);
        assertThat(reader.parked()).isEmpty();
        return reader;
    }
}
