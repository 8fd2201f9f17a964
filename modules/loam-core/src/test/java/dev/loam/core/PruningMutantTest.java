package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.PruningWorld.Entry;
import dev.loam.core.PruningWorld.Kind;
import dev.loam.core.PruningWorld.Site;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each rule of pruning is needed: without it some short history loses or resurrects something. */
class PruningMutantTest {
    private static final long STATES_MAX = 30_000;

    private static void isCaught(PruningRules mutant, PruningWorld start, Kind... writes) {
        PruningExplorer explorer = new PruningExplorer(mutant, writes);
        assertThatThrownBy(() -> explorer.explore(start, STATES_MAX))
                .isInstanceOf(PruningExplorer.Violation.class);
    }

    /** Cuts at another vector, which the gates let through. */
    private static class OtherCut extends PruningRules {
        private final BiFunction<PruningWorld, Integer, VersionVector> stable;

        OtherCut(BiFunction<PruningWorld, Integer, VersionVector> stable) {
            this.stable = stable;
        }

        /** With a set of excluded actors that are not asked. */
        static OtherCut without(Function<Membership, SortedSet<ActorId>> left) {
            return new OtherCut(
                    (world, device) -> {
                        Membership members = now(world, device);
                        return members.meetWithout(left.apply(members));
                    });
        }

        static Membership now(PruningWorld world, int device) {
            return Membership.now(world.sites[device].vault().roster(), PruningWorld.actor(device));
        }

        @Override
        Optional<Operation.Cut> cut(PruningWorld world, int device) {
            VersionVector cut = stable.apply(world, device);
            return world.sites[device].vault().horizon().covers(cut)
                    ? Optional.empty()
                    : Optional.of(new Operation.Cut(cut));
        }

        @Override
        Verdict judge(Site site, Entry entry, Receiver receiver) {
            Verdict verdict = super.judge(site, entry, receiver);
            return verdict instanceof Verdict.Refuse(var reason, var _)
                            && reason == Verdict.RefuseReason.BAD_CUT
                    ? anyway(site, entry)
                    : verdict;
        }
    }

    private static SortedSet<ActorId> excluded(Membership members) {
        SortedSet<ActorId> excluded = new TreeSet<>(members.acks().keySet());
        excluded.removeIf(actor -> !members.isExcluded(actor));
        return excluded;
    }

    @Test
    void excludingAtOnce() {
        isCaught(
                OtherCut.without(PruningMutantTest::excluded),
                PruningWorld.start(3, 3, 1, 2, 1, 1),
                Kind.SET_A);
    }

    @Test
    void askingOnlyTheMembersWhetherTheyKnowOfAnExclusion() {
        isCaught(
                OtherCut.without(
                        members -> {
                            SortedSet<ActorId> out = excluded(members);
                            SortedSet<ActorId> flushed = new TreeSet<>(out);
                            flushed.removeIf(
                                    actor ->
                                            members.acks().keySet().stream()
                                                    .filter(other -> !out.contains(other))
                                                    .anyMatch(
                                                            other ->
                                                                    !members.knowsExcluded(
                                                                            other, actor)));
                            return flushed;
                        }),
                PruningWorld.start(4, 4, 1, 2, 1, 2),
                Kind.SET_A);
    }

    @Test
    void retiringUnflushed() {
        isCaught(
                new OtherCut(
                        (world, device) -> {
                            Membership members = OtherCut.now(world, device);
                            SortedSet<ActorId> left = members.flushed();
                            left.addAll(excluded(members));
                            return members.meetWithout(left);
                        }),
                PruningWorld.start(3, 3, 1, 2, 1, 0, 0, 1),
                Kind.SET_A);
    }

    @Test
    void believingWhatASessionReports() {
        isCaught(
                new OtherCut(
                        (world, device) -> {
                            VersionVector stable = world.sites[device].vault().frontier();
                            for (Site site : world.sites) {
                                stable = stable.meet(site.vault().frontier());
                            }
                            return stable;
                        }),
                PruningWorld.start(3, 3, 3, 1, 1, 1),
                Kind.SET_A,
                Kind.DELETE);
    }

    @Test
    void believingAnExcludedActor() {
        isCaught(
                new PruningRules() {
                    @Override
                    Verdict judge(Site site, Entry entry, Receiver receiver) {
                        Verdict verdict = super.judge(site, entry, receiver);
                        return verdict.equals(new Verdict.Park(Verdict.ParkReason.EXCLUDED))
                                ? anyway(site, entry)
                                : verdict;
                    }
                },
                PruningWorld.start(3, 3, 2, 1, 1, 1),
                Kind.SET_A);
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
    void cuttingWithoutTheLookAtOnesOwnSide() {
        isCaught(
                new PruningRules() {
                    @Override
                    Verdict judge(Site site, Entry entry, Receiver receiver) {
                        Verdict verdict = super.judge(site, entry, receiver);
                        return entry.kind() == Kind.CUT
                                        && verdict instanceof Verdict.Refuse(var reason, var _)
                                        && reason == Verdict.RefuseReason.REBASE
                                ? anyway(site, entry)
                                : verdict;
                    }
                },
                PruningWorld.start(3, 3, 2, 1, 1, 2),
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
                PruningWorld.start(3, 3, 2, 2, 1),
                Kind.SET_A,
                Kind.DELETE);
    }

    @Test
    void erasingWhenAnyDeleteIsSettled() {
        isCaught(
                new PruningRules() {
                    @Override
                    RecordState settled(RecordState record, VersionVector horizon) {
                        return !record.isAlive()
                                        && record.deletes().stream().anyMatch(horizon::covers)
                                ? RecordState.EMPTY
                                : super.settled(record, horizon);
                    }
                },
                PruningWorld.start(3, 3, 4, 2, 1),
                Kind.SET_A,
                Kind.SET_B,
                Kind.DELETE);
    }

    @Test
    void lifeByValues() {
        isCaught(
                new PruningRules() {
                    @Override
                    boolean isAlive(RecordState record) {
                        return record.deletes().isEmpty()
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

    @Test
    void settlingTheTouchesThatADeleteHasNotSeen() {
        isCaught(
                new PruningRules() {
                    @Override
                    RecordState settled(RecordState record, VersionVector horizon) {
                        return !record.isAlive()
                                        && !record.deletes().isEmpty()
                                        && record.deletes().stream().allMatch(horizon::covers)
                                ? RecordState.EMPTY
                                : super.settled(record, horizon);
                    }
                },
                PruningWorld.start(3, 3, 4, 2, 1),
                Kind.SET_A,
                Kind.EMBED,
                Kind.DELETE);
    }
}
