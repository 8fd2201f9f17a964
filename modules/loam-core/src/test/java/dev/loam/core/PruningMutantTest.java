package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.PruningWorld.Entry;
import dev.loam.core.PruningWorld.Kind;
import dev.loam.core.PruningWorld.Site;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Without the rule that a mutant breaks some short history goes wrong, and is found. */
class PruningMutantTest {
    private static final long STATES_MAX = 100_000;

    private static void isCaught(PruningRules mutant, PruningWorld start, Kind... writes) {
        PruningExplorer explorer = new PruningExplorer(mutant, writes);
        assertThatThrownBy(() -> explorer.explore(start, STATES_MAX))
                .isInstanceOf(PruningExplorer.Violation.class);
    }

    private static PruningRules believingExcluded() {
        return new PruningRules() {
            @Override
            Verdict judge(Site site, Entry entry, Receiver receiver) {
                Verdict verdict = super.judge(site, entry, receiver);
                return verdict.equals(new Verdict.Park(Verdict.ParkReason.EXCLUDED))
                        ? anyway(site, entry)
                        : verdict;
            }
        };
    }

    @Test
    void believingAnExcludedActor() {
        isCaught(believingExcluded(), PruningWorld.start(3, 3, 2, 1, 1, 1), Kind.SET_A);
    }

    @Test
    void believingAReplacedActor() {
        isCaught(believingExcluded(), PruningWorld.start(4, 2, 2, 1, 1, 0, 0, 0, 1), Kind.SET_A);
    }

    @Test
    void neverBelievingAnExcludedActorThoughNamed() {
        isCaught(
                new PruningRules() {
                    @Override
                    Verdict judge(Site site, Entry entry, Receiver receiver) {
                        return super.judge(
                                site,
                                entry,
                                new Receiver(
                                        receiver.self(),
                                        receiver.history(),
                                        VersionVector.EMPTY,
                                        receiver.wallMillis()));
                    }
                },
                PruningWorld.start(3, 3, 1, 1, 1, 1),
                Kind.SET_A);
    }

    @Test
    void lifeByValues() {
        isCaught(
                new PruningRules() {
                    @Override
                    boolean isAlive(RecordState record) {
                        return record.life().deletes().isEmpty()
                                && !record.fields().equals(RecordFields.EMPTY);
                    }
                },
                PruningWorld.start(2, 2, 3),
                Kind.SET_A,
                Kind.DELETE,
                Kind.ADD,
                Kind.REMOVE_ELEMENT);
    }

    @Test
    void namingTheWinnerOnly() {
        isCaught(
                new PruningRules() {
                    @Override
                    List<Dot> named(List<Dot> dots) {
                        return dots.stream().limit(1).toList();
                    }
                },
                PruningWorld.start(2, 2, 3),
                Kind.SET_A);
    }

    @Test
    void neverFresh() {
        isCaught(
                new PruningRules() {
                    @Override
                    Lifetime lifetime(RecordState record) {
                        return Lifetime.CURRENT;
                    }
                },
                PruningWorld.start(2, 2, 3, 1, 1),
                Kind.SET_A,
                Kind.SET_B,
                Kind.DELETE);
    }

    /** Counts an exclusion as soon as it is applied, whoever else may still believe the actor. */
    @Test
    void excludingAtOnce() {
        isCaught(
                new PruningRules() {
                    @Override
                    Optional<Operation.Cut> cut(PruningWorld world, int device) {
                        VaultState vault = world.sites[device].vault();
                        VersionVector stable = vault.frontier();
                        for (var actor : vault.actors().entrySet()) {
                            if (!actor.getKey().equals(PruningWorld.actor(device))
                                    && !actor.getValue().isExcluded()) {
                                stable = stable.meet(actor.getValue().ack());
                            }
                        }
                        return vault.horizon().covers(stable)
                                ? Optional.empty()
                                : Optional.of(new Operation.Cut(stable));
                    }

                    @Override
                    Verdict judge(Site site, Entry entry, Receiver receiver) {
                        return unless(Verdict.RefuseReason.BAD_CUT, site, entry, receiver);
                    }
                },
                PruningWorld.start(3, 3, 2, 2, 1, 1),
                Kind.SET_A);
    }

    @Test
    void aLaterCutOnAnEarlierState() {
        isCaught(
                new PruningRules() {
                    @Override
                    boolean isInSnapshot(Site site, Entry entry) {
                        return site.vault().horizon().covers(entry.origin().dot());
                    }
                },
                PruningWorld.start(2, 2, 2, 2, 1),
                Kind.SET_A);
    }

    @Test
    void aPurgeThatMergesAsADelete() {
        isCaught(
                new PruningRules() {
                    @Override
                    RecordState settled(RecordState record, VersionVector horizon) {
                        return new RecordState(record.fields(), record.life(), new TreeSet<>());
                    }
                },
                PruningWorld.start(2, 2, 3),
                Kind.SET_A,
                Kind.PURGE);
    }
}
