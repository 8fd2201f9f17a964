package dev.loam.core;

import dev.loam.core.PruningWorld.Entry;
import dev.loam.core.PruningWorld.Kind;
import dev.loam.core.PruningWorld.Site;
import dev.loam.core.PruningWorld.Spend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks every interleaving of writing, acknowledging, cutting, excluding, enrolling and delivering
 * within small budgets, over the code that stores run. After each step nothing may have come below
 * a horizon, reads must return what a reference that never prunes returns, a state at a cut and the
 * batches after it must give the live state byte for byte, and no member may stick.
 */
final class PruningExplorer {
    /** A rule of pruning that does not hold in some history. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String what, PruningWorld world) {
            super(what + "\n" + world);
        }
    }

    private final PruningRules rules;
    private final List<Kind> writes;
    private long states;
    private long cuts;

    PruningExplorer(PruningRules rules, Kind... writes) {
        this.rules = rules;
        this.writes = List.of(writes);
    }

    long states() {
        return states;
    }

    long cuts() {
        return cuts;
    }

    /**
     * Visits all that can come of a world.
     *
     * @throws Violation with the history that shows it
     */
    void explore(PruningWorld start, long statesMax) {
        List<int[]> renamings = renamings(start);
        Set<Long> seen = new HashSet<>();
        Deque<PruningWorld> open = new ArrayDeque<>();
        open.push(start);
        seen.add(start.key(renamings));
        while (!open.isEmpty() && states < statesMax) {
            PruningWorld world = open.pop();
            states++;
            for (PruningWorld next : next(world)) {
                if (seen.add(next.key(renamings))) {
                    open.push(next);
                }
            }
        }
    }

    /** All that can happen next. */
    List<PruningWorld> next(PruningWorld world) {
        List<PruningWorld> next = new ArrayList<>();
        for (int device = 0; device < world.devices; device++) {
            Site site = world.sites[device];
            if (site == null) {
                bootstrap(world, device, next);
            } else if (!world.gone[device]) {
                if (site.vault().inGoodStanding(PruningWorld.actor(device))) {
                    write(world, device, next);
                    acknowledge(world, device, next);
                    changeMembers(world, device, next);
                }
                deliver(world, device, next);
            }
        }
        return next;
    }

    private void write(PruningWorld world, int device, List<PruningWorld> next) {
        if (!world.has(Spend.WRITES)) {
            return;
        }
        RecordState record = world.sites[device].record();
        for (Kind kind : writes) {
            if (kind.isContent() || rules.isAlive(record)) {
                Optional<Operation> operation = operation(world, device, kind);
                operation.ifPresent(it -> append(world, device, kind, -1, it, Spend.WRITES, next));
            }
        }
    }

    private Optional<Operation> operation(PruningWorld world, int device, Kind kind) {
        RecordState record = world.sites[device].record();
        Value text = new Value.Text(PruningReference.text(device, world.logs.get(device).size()));
        Value tag = new Value.Text("tag");
        Lifetime lifetime = rules.lifetime(record);
        FieldName field = new FieldName(kind == Kind.SET_A ? "a" : "b");
        return switch (kind) {
            case SET_A, SET_B ->
                    Optional.of(
                            new Operation.Set(
                                    field, text, rules.named(record.dots(field)), lifetime));
            case ADD ->
                    Optional.of(
                            new Operation.AddElement(
                                    FieldName.TAGS,
                                    tag,
                                    rules.named(record.dots(FieldName.TAGS, tag)),
                                    lifetime));
            case REMOVE_ELEMENT ->
                    record.elements(FieldName.TAGS).isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Operation.RemoveElement(
                                            FieldName.TAGS,
                                            tag,
                                            rules.named(record.dots(FieldName.TAGS, tag))));
            case EMBED ->
                    Optional.of(
                            new Operation.Embed(
                                    "m",
                                    new Embedding(
                                            Sha256.of(Bytes.ofUtf8("")),
                                            Bytes.ofUtf8(text.toString())),
                                    rules.named(record.embeddingDots("m"))));
            case DELETE -> Optional.of(new Operation.Delete());
            case PURGE -> Optional.of(new Operation.Purge());
            default -> throw new AssertionError(kind + " is not on a record");
        };
    }

    private void acknowledge(PruningWorld world, int device, List<PruningWorld> next) {
        Site site = world.sites[device];
        int[] told = told(world, device);
        boolean news =
                site.order().stream()
                        .anyMatch(
                                entry ->
                                        entry.author() != device
                                                && entry.number() >= told[entry.author()]
                                                && entry.kind() != Kind.ACK
                                                && entry.kind() != Kind.CUT);
        if (news && world.has(Spend.ACKS)) {
            append(world, device, Kind.ACK, -1, new Operation.Ack(), Spend.ACKS, next);
        }
        if (world.has(Spend.CUTS)) {
            rules.cut(world, device)
                    .ifPresent(
                            cut -> {
                                cuts++;
                                append(world, device, Kind.CUT, -1, cut, Spend.CUTS, next);
                            });
        }
    }

    /** What a device's own last batch says that it has. */
    private static int[] told(PruningWorld world, int device) {
        List<Entry> log = world.logs.get(device);
        if (log.isEmpty()) {
            return new int[world.devices];
        }
        int[] told = log.getLast().seen().clone();
        told[device] = log.size();
        return told;
    }

    private void changeMembers(PruningWorld world, int device, List<PruningWorld> all) {
        VaultState vault = world.sites[device].vault();
        if (world.has(Spend.RETIREMENTS)) {
            Operation retire = new Operation.Retire();
            append(world, device, Kind.RETIRE, device, retire, Spend.RETIREMENTS, all);
        }
        ActorId replaced = PruningWorld.actor(PruningWorld.REPLACED);
        if (world.has(Spend.REPLACEMENTS)
                && device != PruningWorld.REPLACED
                && vault.inGoodStanding(replaced)) {
            int next = PruningWorld.REPLACEMENT;
            Operation replace = PruningWorld.device(next).replacing(replaced);
            append(world, device, Kind.REPLACE, next, replace, Spend.REPLACEMENTS, all);
        }
        for (int other = 0; other < world.devices; other++) {
            ActorId actor = PruningWorld.actor(other);
            if (world.has(Spend.SUSPENSIONS) && other != device && vault.inGoodStanding(actor)) {
                Operation suspend = new Operation.Suspend(actor);
                append(world, device, Kind.SUSPEND, other, suspend, Spend.SUSPENSIONS, all);
            }
            if (world.has(Spend.ENROLMENTS)
                    && other >= world.founders
                    && !isInvited(world, other)) {
                Operation enrol = PruningWorld.device(other).enrol();
                append(world, device, Kind.ENROL, other, enrol, Spend.ENROLMENTS, all);
            }
        }
    }

    private static boolean isInvited(PruningWorld world, int device) {
        return world.logs.stream()
                .flatMap(List::stream)
                .anyMatch(entry -> entry.kind() == Kind.ENROL && entry.target() == device);
    }

    private void bootstrap(PruningWorld world, int device, List<PruningWorld> next) {
        for (int host = 0; host < world.devices; host++) {
            Site site = world.sites[host];
            if (site != null
                    && !world.gone[host]
                    && site.vault().inGoodStanding(PruningWorld.actor(host))
                    && site.vault().actor(PruningWorld.actor(device)).isPresent()) {
                PruningWorld born = world.copy();
                born.sites[device] = rules.birth(world, site);
                next.add(born);
            }
        }
    }

    private void append(
            PruningWorld world,
            int device,
            Kind kind,
            int target,
            Operation operation,
            Spend spend,
            List<PruningWorld> next) {
        Entry entry = world.draft(device, kind, target, operation);
        PruningWorld written = world.written(entry, spend);
        Receiver self =
                new Receiver(
                        Optional.of(PruningWorld.actor(device)),
                        written.history(),
                        VersionVector.EMPTY,
                        Replica.WALL_MILLIS);
        Verdict verdict = rules.judge(world.sites[device], entry, self);
        if (!(verdict instanceof Verdict.Apply(ChainHash hash))) {
            throw new Violation("own batch " + entry + ": " + verdict, written);
        }
        apply(written, device, entry, hash);
        next.add(written);
    }

    private void deliver(PruningWorld world, int device, List<PruningWorld> next) {
        Site site = world.sites[device];
        if (!site.vault().inGoodStanding(PruningWorld.actor(device))) {
            return;
        }
        for (int other = 0; other < world.devices; other++) {
            if (other == device || world.sites[other] == null || world.gone[other]) {
                continue;
            }
            int before = next.size();
            List<Entry> missing = missing(site, world.sites[other]);
            Receiver receiver = receiver(world, device, missing);
            for (Entry entry : missing) {
                if (entry.number() == site.tips()[entry.author()]) {
                    receive(world, device, entry, receiver, next);
                }
            }
            checkMembers(world, device, other, !missing.isEmpty() && next.size() == before);
        }
    }

    private static List<Entry> missing(Site here, Site there) {
        return there.order().stream()
                .filter(entry -> entry.number() >= here.tips()[entry.author()])
                .toList();
    }

    Receiver receiver(PruningWorld world, int device, List<Entry> missing) {
        Map<BatchId, Batch> parked = new HashMap<>();
        missing.forEach(entry -> parked.put(entry.id(), entry.batch()));
        return new Receiver(
                Optional.of(PruningWorld.actor(device)),
                world.history(),
                world.sites[device].vault().named(parked),
                Replica.WALL_MILLIS);
    }

    private void receive(
            PruningWorld world,
            int device,
            Entry entry,
            Receiver receiver,
            List<PruningWorld> next) {
        switch (rules.judge(world.sites[device], entry, receiver)) {
            case Verdict.Apply(ChainHash hash) -> {
                PruningWorld received = world.copy();
                apply(received, device, entry, hash);
                next.add(received);
            }
            case Verdict.Refuse(Verdict.RefuseReason reason, String why) -> {
                if (reason == Verdict.RefuseReason.REBASE && !wasMember(world, device, entry)) {
                    PruningWorld without = world.copy();
                    without.gone[device] = true;
                    next.add(without);
                } else if (reason != Verdict.RefuseReason.NOT_ENROLLED) {
                    throw new Violation((char) ('A' + device) + " refuses: " + why, world);
                }
            }
            case Verdict.Park(Verdict.ParkReason reason) -> {
                if (reason == Verdict.ParkReason.HISTORY) {
                    throw new Violation("the history does not tell " + entry, world);
                }
            }
            case Verdict.Duplicate _ ->
                    throw new Violation("known though never applied: " + entry, world);
        }
    }

    /** Whether a batch's author counted the device among the members, or would have. */
    private static boolean wasMember(PruningWorld world, int device, Entry entry) {
        List<Entry> seen = world.logs.stream().flatMap(List::stream).filter(entry::saw).toList();
        return !isOutside(world, device, seen);
    }

    /**
     * Whether somebody who saw these takes nothing of a device: it is excluded, or was let in,
     * unheard, by one of whom nothing is taken either. Then it begins anew. A newcomer of whom one
     * that is in has not heard yet is a member.
     */
    private static boolean isOutside(PruningWorld world, int device, List<Entry> seen) {
        if (seen.stream().anyMatch(each -> PruningWorld.isExclusion(each, device))) {
            return true;
        }
        return device >= world.founders
                && world.logs.stream()
                        .flatMap(List::stream)
                        .filter(each -> PruningWorld.isEnrolment(each, device))
                        .allMatch(
                                each ->
                                        !seen.contains(each)
                                                && isOutside(world, each.author(), seen));
    }

    private void apply(PruningWorld world, int device, Entry entry, ChainHash hash) {
        Site site = world.sites[device];
        RecordState record = site.record();
        if (entry.kind().isOnRecord()) {
            record = record.apply(entry.origin(), entry.operation());
        }
        Site after = site.with(entry, hash, record);
        RecordState settled = rules.settled(record, after.vault().horizon());
        world.sites[device] = new Site(after.vault(), settled, after.order(), after.tips());
        checkContent(world, device);
        checkAgreement(world, device);
    }

    private void checkContent(PruningWorld world, int device) {
        Site site = world.sites[device];
        String expected = new PruningReference(site.order()).content();
        String read = PruningReference.read(site.record(), rules.isAlive(site.record()));
        if (!read.equals(expected)) {
            throw new Violation(
                    (char) ('A' + device) + " reads " + read + " instead of " + expected, world);
        }
        if (site.vault().horizon().isEmpty()) {
            return;
        }
        RecordState state = RecordState.EMPTY;
        VersionVector horizon = VersionVector.EMPTY;
        List<Entry> tail = new ArrayList<>();
        for (Entry entry : site.order()) {
            if (!rules.isInSnapshot(site, entry)) {
                tail.add(entry);
                continue;
            }
            if (entry.operation() instanceof Operation.Cut(VersionVector stable)) {
                horizon = horizon.join(stable);
            } else if (entry.kind().isOnRecord()) {
                state = rules.settled(state, horizon).apply(entry.origin(), entry.operation());
            }
        }
        state = rules.settled(state, site.vault().horizon());
        state = RecordState.decode(state.encode());
        for (Entry entry : tail) {
            if (entry.kind().isOnRecord()) {
                state = state.apply(entry.origin(), entry.operation());
                state = rules.settled(state, site.vault().horizon());
            }
        }
        if (!state.encode().equals(site.record().encode())) {
            throw new Violation(
                    (char) ('A' + device) + ": a state at its cuts and the tail differ", world);
        }
    }

    /** Devices with the same batches have the same bytes. */
    @SuppressWarnings("ReferenceEquality") // Another site, whatever it holds.
    private static void checkAgreement(PruningWorld world, int device) {
        Site site = world.sites[device];
        for (Site other : world.sites) {
            if (other != null
                    && other != site
                    && Arrays.equals(other.tips(), site.tips())
                    && !(other.vault().encode().equals(site.vault().encode())
                            && other.record().encode().equals(site.record().encode()))) {
                throw new Violation("equal frontiers, other bytes", world);
            }
        }
    }

    /** Members that know each other as such never need a rebase and never stick. */
    private static void checkMembers(PruningWorld world, int device, int other, boolean sticks) {
        VaultState here = world.sites[device].vault();
        VaultState there = world.sites[other].vault();
        ActorId self = PruningWorld.actor(device);
        ActorId peer = PruningWorld.actor(other);
        boolean mutual =
                here.inGoodStanding(peer)
                        && here.inGoodStanding(self)
                        && there.inGoodStanding(peer)
                        && there.inGoodStanding(self);
        if (!mutual) {
            return;
        }
        if (!there.roster().covers(here.frontier(), there.horizon())) {
            throw new Violation("a member must rebase: " + (char) ('A' + device), world);
        }
        if (sticks && Arrays.equals(told(world, other), world.sites[other].tips())) {
            throw new Violation("a member sticks: " + (char) ('A' + device), world);
        }
    }

    /**
     * All ways to exchange founders among each other, and newcomers among each other; who may begin
     * anew is told from the others.
     */
    private static List<int[]> renamings(PruningWorld world) {
        List<int[]> all = new ArrayList<>();
        int[] identity = new int[world.devices];
        Arrays.setAll(identity, i -> i);
        permute(identity, 0, world.founders, all);
        if (world.has(Spend.REPLACEMENTS)) {
            all.removeIf(order -> order[PruningWorld.REPLACED] != PruningWorld.REPLACED);
        }
        return all;
    }

    private static void permute(int[] order, int from, int founders, List<int[]> all) {
        if (from == order.length) {
            all.add(order.clone());
            return;
        }
        int end = from < founders ? founders : order.length;
        for (int i = from; i < end; i++) {
            int[] swapped = order.clone();
            swapped[from] = order[i];
            swapped[i] = order[from];
            permute(swapped, from + 1, founders, all);
        }
    }
}
