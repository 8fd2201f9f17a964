package dev.loam.cli;

import dev.loam.Change;
import dev.loam.History;
import dev.loam.LoamOptions;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import dev.loam.json.LogJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam history}. */
@Command(
        name = "history",
        description = {
            "Show how a memory came to be: who changed what, when, from what to what.",
            "Oldest change first, also of a memory that was deleted. \"here\" is this device, others"
                    + " are named by the first digits of their id. Where older changes are gone,"
                    + " stderr says so; with --json it is the member \"complete\"."
        })
final class HistoryCommand implements Callable<Integer> {
    private static final int DEVICE_DIGITS = 8;

    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "KEY", description = "The memory's key.")
    private String key = "";

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            History history = store.vault().history(key);
            boolean isKnown =
                    !history.changes().isEmpty()
                            || (!history.complete() && store.vault().get(key).isPresent());
            if (!isKnown) {
                throw new LoamException(
                        ErrorCode.NOT_FOUND,
                        "vault "
                                + store.vault().name()
                                + (history.complete()
                                        ? " knows of no memory under this key"
                                        : " has no memory under this key; what it had may have been"
                                                + " compacted away, or be lost to damage"));
            }
            if (common.json()) {
                common.print(LogJson.history(key, history));
            } else {
                DeviceId here = store.loam().identity().id();
                history.changes().forEach(change -> common.print(line(change, here)));
            }
            if (!history.complete()) {
                common.note("older changes are missing: compacted away, or lost to damage");
            }
        }
        return ExitCode.OK.number();
    }

    private String line(Change change, DeviceId here) {
        String device =
                change.device()
                        .map(each -> each.equals(here) ? "here    " : digits(each))
                        .orElse("unknown ");
        String line = change.time() + "  " + device + "  " + what(change);
        return MemoryText.cut(
                line.replaceAll("\\s*\\R\\s*", " / "), common.surroundings().columns());
    }

    private static String digits(DeviceId device) {
        return device.toString().substring(0, DEVICE_DIGITS);
    }

    private static String what(Change change) {
        String from = plain(change.from());
        String to = plain(change.to());
        return switch (change.kind()) {
            case SET -> change.name() + ": " + from + " -> " + to;
            case SET_BESIDE -> change.name() + ": " + to + ", not knowing of " + from;
            case ADDED -> change.name() + " + " + to;
            case REMOVED -> change.name() + " - " + from;
            case VECTOR -> "vector of " + change.name();
            case DELETED -> "deleted";
            case RESTORED -> "came back";
        };
    }

    private static String plain(Optional<Value> value) {
        return value.map(MemoryText::plain).orElse("(nothing)");
    }
}
