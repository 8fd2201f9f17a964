package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Some devices, one vault, one record, and what each device has written and applied: one node of
 * the graph that {@link PruningExplorer} walks. Values do not change once they stand here.
 */
@SuppressWarnings({"EnumOrdinal", "ArrayRecordComponent"}) // Millions stand at once, briefly.
final class PruningWorld {
    static final String KEY = "k";

    /** What a batch of the explorer does; each holds one operation. */
    enum Kind {
        SET_A,
        SET_B,
        ADD,
        REMOVE_ELEMENT,
        EMBED,
        DELETE,
        PURGE,
        ACK,
        CUT,
        SUSPEND,
        RETIRE,
        ENROL,
        REPLACE;

        boolean isOnRecord() {
            return compareTo(ACK) < 0;
        }

        boolean isContent() {
            return compareTo(ADD) <= 0;
        }
    }

    /**
     * A batch.
     *
     * @param author number of its device
     * @param target number of the device that a control operation is about, or -1
     * @param seen per device how many of its batches the author had applied before
     * @param known context with the batch itself
     */
    record Entry(
            int author,
            int number,
            Kind kind,
            int target,
            int[] seen,
            BatchId id,
            Batch batch,
            Bytes encoded,
            Origin origin,
            VersionVector known) {

        boolean saw(Entry other) {
            return other.number < seen[other.author]
                    || (other.author == author && other.number < number);
        }

        Operation operation() {
            return batch.parts().getFirst().operations().getFirst();
        }

        Lifetime lifetime() {
            return switch (operation()) {
                case Operation.Set set -> set.lifetime();
                case Operation.AddElement add -> add.lifetime();
                default -> Lifetime.CURRENT;
            };
        }

        @Override
        public String toString() {
            String about = target < 0 ? "" : "(" + (char) ('A' + target) + ")";
            StringBuilder context = new StringBuilder();
            for (int count : seen) {
                context.append(count);
            }
            return ""
                    + (char) ('A' + author)
                    + (number + 1)
                    + ":"
                    + kind
                    + about
                    + (lifetime() == Lifetime.FRESH ? "*" : "")
                    + "@"
                    + context;
        }
    }

    /** What one device has; {@code order} is that of its own log. */
    record Site(VaultState vault, RecordState record, List<Entry> order, int[] tips) {
        Site with(Entry entry, ChainHash hash, RecordState changed) {
            List<Entry> longer = new ArrayList<>(order);
            longer.add(entry);
            int[] further = tips.clone();
            further[entry.author]++;
            return new Site(vault.applied(entry.id, entry.batch, hash), changed, longer, further);
        }
    }

    /** The device that may begin anew, and what it then is. */
    static final int REPLACED = 1;

    static final int REPLACEMENT = 3;

    private static final List<Device> DEVICES =
            Stream.of(0, 1, 2, REPLACEMENT)
                    .map(n -> n == REPLACEMENT ? Device.number(REPLACED).next() : Device.number(n))
                    .toList();

    private static final List<ActorId> ACTORS = DEVICES.stream().map(Device::actor).toList();

    final int devices;
    final int founders;

    /** Per device what it wrote. */
    final List<List<Entry>> logs;

    /** Per device what it has; {@code null} before it comes in and after it had to rebase. */
    final Site[] sites;

    final boolean[] gone;
    final int[] budget;

    private PruningWorld(
            int devices,
            int founders,
            List<List<Entry>> logs,
            Site[] sites,
            boolean[] gone,
            int[] budget) {
        this.devices = devices;
        this.founders = founders;
        this.logs = logs;
        this.sites = sites;
        this.gone = gone;
        this.budget = budget;
    }

    /** As many devices; the first {@code founders} of them are in, the others can be enrolled. */
    static PruningWorld start(int devices, int founders, int... budget) {
        Replica first = new Replica(device(0));
        List<Operation> controls = new ArrayList<>();
        for (int i = 0; i < founders; i++) {
            controls.add(i == 0 ? device(i).found() : device(i).enrol());
        }
        first.write(new Part("", controls));
        List<List<Entry>> logs = new ArrayList<>();
        Site[] sites = new Site[devices];
        for (int i = 0; i < devices; i++) {
            logs.add(List.of());
            if (i < founders) {
                sites[i] = new Site(first.vault(), RecordState.EMPTY, List.of(), new int[devices]);
            }
        }
        int[] all = new int[Spend.values().length];
        System.arraycopy(budget, 0, all, 0, budget.length);
        return new PruningWorld(devices, founders, logs, sites, new boolean[devices], all);
    }

    /** What histories are bounded by, in the order of a budget's numbers. */
    enum Spend {
        WRITES,
        ACKS,
        CUTS,
        SUSPENSIONS,
        ENROLMENTS,
        RETIREMENTS,
        REPLACEMENTS
    }

    PruningWorld copy() {
        return new PruningWorld(
                devices,
                founders,
                new ArrayList<>(logs),
                sites.clone(),
                gone.clone(),
                budget.clone());
    }

    /** Whether a batch excludes a device's actor. */
    static boolean isExclusion(Entry entry, int device) {
        return switch (entry.kind) {
            case SUSPEND, RETIRE -> entry.target == device;
            case REPLACE -> device == REPLACED;
            default -> false;
        };
    }

    /** Whether a batch lets a device's actor in. */
    static boolean isEnrolment(Entry entry, int device) {
        return (entry.kind == Kind.ENROL || entry.kind == Kind.REPLACE) && entry.target == device;
    }

    boolean has(Spend spend) {
        return budget[spend.ordinal()] > 0;
    }

    /** A batch of device {@code author} on what it has, not yet applied. */
    Entry draft(int author, Kind kind, int target, Operation operation) {
        VaultState vault = sites[author].vault();
        ActorId actor = actor(author);
        ActorState state =
                vault.actor(actor)
                        .orElse(
                                ActorState.enrolled(
                                        device(author).publicKey(), VersionVector.EMPTY));
        BatchId id = new BatchId(Device.VAULT, actor, state.tip().sequence() + 1);
        Part part = new Part(kind.isOnRecord() ? KEY : "", List.of(operation));
        Batch batch =
                new Batch(
                        state.stamp().next(0),
                        state.tip().counter() + 1,
                        vault.dependenciesOf(actor),
                        List.of(part),
                        actor.bytes());
        VersionVector context = batch.contextAfter(state.context());
        Dot dot = new Dot(actor, batch.firstCounter());
        return new Entry(
                author,
                logs.get(author).size(),
                kind,
                target,
                sites[author].tips(),
                id,
                batch,
                BatchCodec.encode(batch),
                new Origin(dot, batch.stamp(), vault.seen(context)),
                context.with(actor, batch.tip(id.sequence())));
    }

    /** With a batch in its author's log. */
    PruningWorld written(Entry entry, Spend spend) {
        PruningWorld next = copy();
        List<Entry> longer = new ArrayList<>(logs.get(entry.author));
        longer.add(entry);
        next.logs.set(entry.author, longer);
        next.budget[spend.ordinal()]--;
        return next;
    }

    static Device device(int number) {
        return DEVICES.get(number);
    }

    static ActorId actor(int device) {
        return ACTORS.get(device);
    }

    /** What every store of this world remembers of the batches that it has applied. */
    ChainHistory history() {
        return new ChainHistory() {
            @Override
            public Optional<Bytes> prefix(ActorId actor, long sequence) {
                return Optional.empty();
            }

            @Override
            public Optional<VersionVector> context(ActorId actor, long sequence) {
                if (actor.equals(actor(0)) && sequence == 1) {
                    Tip foundation = new Tip(1, founders);
                    return Optional.of(VersionVector.EMPTY.with(actor, foundation));
                }
                return logs.stream()
                        .flatMap(List::stream)
                        .filter(
                                entry ->
                                        entry.id.actor().equals(actor)
                                                && entry.id.sequence() == sequence)
                        .map(Entry::known)
                        .findFirst();
            }
        };
    }

    /** Equal for worlds that are the same but for the names of devices. */
    long key(List<int[]> renamings) {
        long least = Long.MAX_VALUE;
        for (int[] renaming : renamings) {
            least = Math.min(least, key(renaming));
        }
        return least;
    }

    private long key(int[] renaming) {
        int[] original = new int[devices];
        for (int i = 0; i < devices; i++) {
            original[renaming[i]] = i;
        }
        long hash = 17;
        for (int device : original) {
            hash = mix(hash, logs.get(device).size());
            for (Entry entry : logs.get(device)) {
                hash = mix(hash, entry.kind.ordinal() * 4L + entry.lifetime().ordinal());
                hash = mix(hash, entry.target < 0 ? -1 : renaming[entry.target]);
                hash = mix(hash, entry.seen, original);
            }
            hash = mix(hash, gone[device] ? 1 : 0);
            Site site = sites[device];
            hash = site == null ? mix(hash, -2) : mix(hash, site.tips, original);
        }
        return hash;
    }

    private static long mix(long hash, int[] counts, int[] original) {
        long result = hash;
        for (int device : original) {
            result = mix(result, counts[device]);
        }
        return result;
    }

    private static long mix(long hash, long value) {
        long mixed = hash ^ value * 0x9E3779B97F4A7C15L;
        mixed = Long.rotateLeft(mixed, 29) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 31;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < devices; i++) {
            text.append((char) ('A' + i)).append(" wrote ").append(logs.get(i));
            text.append(" has ").append(sites[i] == null ? "nothing" : sites[i].order).append('\n');
        }
        return text.toString();
    }
}
