package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The same operations give the same bytes however they are permuted, repeated and split, in
 * histories in which every kind of operation occurs and cuts lie between them.
 */
class OrderPropertyTest {
    private static final int PILES = 3;

    @Provide
    Arbitrary<History> histories() {
        return History.histories();
    }

    @Provide
    Arbitrary<SettlingHistory> settlingHistories() {
        return SettlingHistory.histories();
    }

    @Example
    void everyKindOfOperationOccurs() {
        Set<Class<?>> met = new HashSet<>();
        Consumer<List<Replica>> meet =
                members ->
                        members.stream()
                                .flatMap(member -> member.log().stream())
                                .flatMap(batch -> batch.batch().parts().stream())
                                .flatMap(part -> part.operations().stream())
                                .forEach(operation -> met.add(operation.getClass()));
        histories().sampleStream().limit(300).map(History::play).forEach(meet);
        Set<Class<?>> withoutCuts = Set.copyOf(met);
        settlingHistories().sampleStream().limit(300).map(SettlingHistory::play).forEach(meet);

        assertThat(met).containsAll(kinds(Operation.class).toList());
        assertThat(withoutCuts)
                .containsAll(
                        kinds(Operation.class)
                                .filter(kind -> !Operation.Control.class.isAssignableFrom(kind))
                                .toList());
    }

    private static Stream<Class<?>> kinds(Class<?> kind) {
        return kind.isSealed()
                ? Arrays.stream(kind.getPermittedSubclasses()).flatMap(OrderPropertyTest::kinds)
                : Stream.of(kind);
    }

    @Property(tries = 300)
    void aSetThatIsSplitAmongSeveralWhoMeetLaterGivesTheSameBytes(
            @ForAll("histories") History history, @ForAll long seed) {
        List<SealedBatch> batches = History.batches(history.play());
        Replica whole = Replica.reader();
        batches.forEach(whole::receive);

        for (Replica part : split(batches, new Random(seed))) {
            assertThat(part.parked()).isEmpty();
            assertThat(part.bytes()).isEqualTo(whole.bytes());
        }
    }

    @Property(tries = 300)
    void aSetThatIsSplitByReopeningsGivesTheSameBytes(
            @ForAll("histories") History history, @ForAll long seed) {
        List<SealedBatch> batches = History.batches(history.play());
        Replica whole = Replica.reader();
        batches.forEach(whole::receive);

        assertThat(reopening(batches, new Random(seed)).bytes()).isEqualTo(whole.bytes());
    }

    @Property(tries = 150)
    void soItIsWithCutsBetweenTheOperations(
            @ForAll("settlingHistories") SettlingHistory history, @ForAll long seed) {
        Random random = new Random(seed);
        for (Replica member : history.play()) {
            List<Replica> others = split(member.log(), random);
            others.add(reopening(member.log(), random));
            for (Replica other : others) {
                // Who hears of an exclusion first does not take what nobody names.
                if (other.vault().frontier().equals(member.vault().frontier())) {
                    assertThat(other.bytes()).isEqualTo(member.bytes());
                }
            }
        }
    }

    /** Each batch comes to one or two of several, who then tell each other what came to them. */
    private static List<Replica> split(List<SealedBatch> batches, Random random) {
        List<Replica> parts = new ArrayList<>();
        List<List<SealedBatch>> piles = new ArrayList<>();
        for (int i = 0; i < PILES; i++) {
            parts.add(Replica.reader());
            piles.add(new ArrayList<>());
        }
        for (SealedBatch batch : batches) {
            piles.get(random.nextInt(PILES)).add(batch);
            piles.get(random.nextInt(PILES)).add(batch);
        }
        for (int first = 0; first < PILES; first++) {
            for (int i = 0; i < PILES; i++) {
                List<SealedBatch> pile = piles.get((first + i) % PILES);
                Collections.shuffle(pile, random);
                pile.forEach(parts.get(i)::receive);
            }
        }
        return parts;
    }

    /** A copy that now and then goes on from nothing but its bytes. */
    private static Replica reopening(List<SealedBatch> batches, Random random) {
        List<SealedBatch> shuffled = new ArrayList<>(batches);
        Collections.shuffle(shuffled, random);
        Replica reader = Replica.reader();
        for (SealedBatch batch : shuffled) {
            reader.receive(batch);
            if (random.nextInt(3) == 0) {
                reader = reader.reopened();
            }
        }
        return reader;
    }
}
