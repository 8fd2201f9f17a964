package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.LoamJson;
import dev.loam.server.PairingCode;
import dev.loam.server.PeerClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam sync pair}. */
@Command(
        name = "pair",
        description = {
            "Pair this store with the device that printed TEXT (loam sync serve --pair).",
            "Pairing moves no memories yet: loam sync now does."
        })
final class SyncPairCommand implements Callable<Integer> {
    /** More than the longest pairing text. */
    private static final int TEXT_BYTES_MAX = 8_192;

    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(
            paramLabel = "TEXT",
            description =
                    "The text that the other device printed; - reads it from stdin, where no list"
                            + " of processes and no history of commands shows it.")
    private String text = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the other device calls this one; default: $HOSTNAME or \"device\".")
    private String name = "";

    @Override
    public Integer call() {
        PairingCode code = PairingCode.parse(text.equals("-") ? line() : text);
        try (OpenStore store = common.openOrMake(LoamOptions.unencrypted())) {
            Peer peer = PeerClient.pair(store.loam(), code, ownName());
            if (common.json()) {
                common.print(LoamJson.peer(peer));
            } else {
                common.print("paired with " + PeerText.name(peer));
            }
        }
        return ExitCode.OK.number();
    }

    private String line() {
        try {
            byte[] read = common.surroundings().in().readNBytes(TEXT_BYTES_MAX);
            return new String(read, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "stdin cannot be read", failed);
        }
    }

    private String ownName() {
        String host = common.surroundings().environment().getOrDefault("HOSTNAME", "");
        return !name.isEmpty() ? name : !host.isEmpty() ? host : "device";
    }
}
