package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * When a state is settled does not matter, and reads do not tell whether it is: in histories with
 * cuts between operations of all kinds.
 */
class SettlingPropertyTest {
    @Provide
    Arbitrary<SettlingHistory> histories() {
        return SettlingHistory.histories();
    }

    @Property(tries = 150)
    void settlingBeforeAndAfterAnOperationGivesTheSameBytes(
            @ForAll("histories") SettlingHistory history) {
        for (Replica member : history.play()) {
            Replica late = replay(member.log(), Replica.Settling.BEFORE_USE);
            assertThat(late.bytes()).isEqualTo(member.bytes());
        }
    }

    @Property(tries = 150)
    void everyOrderOfArrivalGivesTheSameBytes(
            @ForAll("histories") SettlingHistory history, @ForAll long seed) {
        Random random = new Random(seed);
        for (Replica member : history.play()) {
            List<SealedBatch> shuffled = new ArrayList<>(member.log());
            Collections.shuffle(shuffled, random);
            Replica other = Replica.reader();
            shuffled.forEach(other::receive);
            // Who hears of an exclusion first does not take what nobody names.
            if (other.vault().frontier().equals(member.vault().frontier())) {
                assertThat(other.bytes()).isEqualTo(member.bytes());
            }
        }
    }

    @Property(tries = 150)
    void theDigestIsThatOfAStoreThatNeverSettles(@ForAll("histories") SettlingHistory history) {
        for (Replica member : history.play()) {
            Replica reference = replay(member.log(), Replica.Settling.NEVER);
            assertThat(member.vault().digest()).isEqualTo(reference.vault().digest());
            assertThat(member.vault().records()).isEqualTo(reference.vault().records());
        }
    }

    @Property(tries = 100)
    void settledStatesSurviveTheirBytes(@ForAll("histories") SettlingHistory history) {
        for (Replica member : history.play()) {
            for (RecordState state : member.records().values()) {
                assertThat(RecordState.decode(state.encode()).encode()).isEqualTo(state.encode());
                assertThat(state.settled(member.vault().horizon())).isSameAs(state);
            }
        }
    }

    private static Replica replay(List<SealedBatch> batches, Replica.Settling settling) {
        Replica reader = Replica.reader(settling);
        batches.forEach(reader::replay);
        return reader;
    }
}
