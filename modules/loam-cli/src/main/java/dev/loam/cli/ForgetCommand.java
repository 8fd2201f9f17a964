package dev.loam.cli;

import dev.loam.Filter;
import dev.loam.ForgetReceipt;
import dev.loam.ForgetStatus;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Page;
import dev.loam.Peer;
import dev.loam.Remains;
import dev.loam.Vault;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam forget}. */
@Command(
        name = "forget",
        description = {
            "Forget memories for good: in every file of the store, and on every device.",
            "What `loam delete` hides stays in the log, for the history. What is forgotten is cut"
                    + " out of it, and of the index, and other devices do the same when they next"
                    + " sync. Only the keys stay. Backups and exports are out of reach.",
            "With --verify it forgets nothing: it reads texts from stdin, one a line, and tells"
                    + " where in the store's files any of them stands. In an encrypted store it"
                    + " does not look into the index. At most 1000 lines at once."
        })
final class ForgetCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "KEY", arity = "0..*", description = "The memories' keys.")
    private List<String> keys = List.of();

    @Option(
            names = "--query",
            paramLabel = "TEXT",
            description = "Also what `loam recall --no-model` finds by these words.")
    private @Nullable String query;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of those at most; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "Also all memories of this session.")
    private @Nullable String session;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "Also all memories whose field \"source\" is this.")
    private @Nullable String source;

    @Option(names = "--dry-run", description = "Only list what would be forgotten.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--verify", description = "Look for texts from stdin in the store's files.")
    private boolean verify;

    @Option(
            names = "--status",
            description = "Only tell which devices have erased what was forgotten of the vault.")
    private boolean status;

    @Override
    public Integer call() {
        requireOneTask();
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            if (status) {
                return status(store).number();
            }
            return (verify ? lookForRemains(store) : forget(store)).number();
        }
    }

    /** Whoever asks for remains and names keys would take those for forgotten. */
    private void requireOneTask() {
        boolean chooses = !keys.isEmpty() || query != null || session != null || source != null;
        if ((verify || status) && (chooses || yes || dryRun || (verify && status))) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--verify and --status forget nothing and stand alone; forget first, then"
                            + " call them");
        }
        if (!verify && !status && !chooses) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no memory was chosen; name keys, or --query, --session or --source");
        }
    }

    private ExitCode forget(OpenStore store) {
        List<String> chosen = List.copyOf(chosen(store.vault()));
        if (chosen.isEmpty()) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "no memory of the vault \""
                            + store.vault().name()
                            + "\" is what --query, --session or --source ask for");
        }
        if (dryRun) {
            if (common.json()) {
                common.print(JsonObject.builder().putTexts("wouldForget", chosen).build());
            } else {
                chosen.forEach(key -> common.print("would forget " + key));
            }
            return ExitCode.OK;
        }
        if (!yes && !isConfirmed(chosen)) {
            common.note("nothing was forgotten");
            return ExitCode.USAGE;
        }
        ForgetReceipt receipt = store.vault().forget(chosen);
        if (common.json()) {
            common.print(LoamJson.forgotten(receipt));
        } else {
            receipt.keys().forEach(key -> common.print("forgot " + key));
            common.print("batches of the log that were cut: " + receipt.batchesCut());
            printStatus(store);
        }
        return ExitCode.OK;
    }

    /** Who else has erased it; nothing where there is nobody else. */
    private void printStatus(OpenStore store) {
        ForgetStatus status = store.vault().forgetStatus();
        if (status.devices().size() < 2) {
            common.print("no other device is in the vault");
            return;
        }
        List<String> missing =
                status.devices().stream()
                        .filter(device -> !device.hasErased())
                        .map(
                                device ->
                                        name(store, device.id())
                                                + device.lastSeen()
                                                        .map(time -> " last seen " + time)
                                                        .orElse(" never seen"))
                        .toList();
        common.print(
                status.erased()
                        + " of "
                        + status.devices().size()
                        + " devices erased"
                        + (missing.isEmpty() ? "" : "; " + String.join(", ", missing)));
    }

    private static String name(OpenStore store, DeviceId device) {
        return store.loam().peers().stream()
                .filter(peer -> peer.id().equals(device))
                .map(Peer::name)
                .findFirst()
                .orElseGet(device::toString);
    }

    private ExitCode status(OpenStore store) {
        if (common.json()) {
            common.print(LoamJson.forgetStatus(store.vault().forgetStatus()));
        } else {
            printStatus(store);
        }
        return ExitCode.OK;
    }

    private SequencedSet<String> chosen(Vault vault) {
        SequencedSet<String> chosen = new LinkedHashSet<>(keys);
        if (query != null) {
            vault.recall(query, limit, Filter.all())
                    .hits()
                    .forEach(hit -> chosen.add(hit.memory().key()));
        }
        if (session != null || source != null) {
            Optional<Page.Cursor> cursor = Optional.empty();
            do {
                Page page = vault.scan("", Limits.SCAN_PAGE_MAX, cursor);
                page.memories().stream()
                        .filter(this::isOfChosenSessionOrSource)
                        .forEach(memory -> chosen.add(memory.key()));
                cursor = page.next();
            } while (cursor.isPresent());
        }
        return chosen;
    }

    private boolean isOfChosenSessionOrSource(Memory memory) {
        return (session != null && isText(memory, FieldName.SESSION.name(), session))
                || (source != null && isText(memory, "source", source));
    }

    private static boolean isText(Memory memory, String field, String wanted) {
        return memory.field(field).filter(new Value.Text(wanted)::equals).isPresent();
    }

    /** No answer, as where there is nobody to ask, means no. */
    private boolean isConfirmed(List<String> chosen) {
        chosen.forEach(key -> common.note("  " + key));
        common.note("forget " + chosen.size() + " memories for good, on all devices? [y/N]");
        return lines(1).stream().anyMatch(answer -> answer.strip().equalsIgnoreCase("y"));
    }

    private List<String> lines(int most) {
        List<String> lines = new ArrayList<>();
        try {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    common.surroundings().in(), StandardCharsets.UTF_8));
            String line = lines.size() < most ? in.readLine() : null;
            while (line != null) {
                lines.add(line);
                line = lines.size() < most ? in.readLine() : null;
            }
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "stdin cannot be read", failed);
        }
        return lines;
    }

    private ExitCode lookForRemains(OpenStore store) {
        List<String> lines = lines(Limits.SCAN_PAGE_MAX + 1);
        if (lines.size() > Limits.SCAN_PAGE_MAX) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "more than "
                            + Limits.SCAN_PAGE_MAX
                            + " lines of stdin; nothing was looked for, give less at once");
        }
        List<Integer> filled =
                IntStream.range(0, lines.size())
                        .filter(i -> !lines.get(i).isBlank())
                        .boxed()
                        .toList();
        List<String> texts = filled.stream().map(lines::get).toList();
        // Named by their lines, so that whoever gave them finds them.
        List<Remains> remains =
                store.loam().remains(texts).stream()
                        .map(each -> new Remains(filled.get(each.text()), each.place()))
                        .toList();
        if (common.json()) {
            common.print(LoamJson.remains(remains));
        } else if (remains.isEmpty()) {
            common.print("none of " + texts.size() + " texts stands in any file of the store");
        } else {
            remains.forEach(
                    each -> common.print("text " + (each.text() + 1) + ": " + each.place()));
        }
        return remains.isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
    }
}
