package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.json.LoamJson;
import dev.loam.server.PairingCode;
import dev.loam.server.PeerClient;
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
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "TEXT", description = "The text that the other device printed.")
    private String text = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the other device calls this one; default: $HOSTNAME or \"device\".")
    private String name = "";

    @Override
    public Integer call() {
        PairingCode code = PairingCode.parse(text);
        try (OpenStore store = common.openOrMake(LoamOptions.unencrypted())) {
            Peer peer = PeerClient.pair(store.loam(), code, ownName());
            if (common.json()) {
                common.print(LoamJson.peer(peer));
            } else {
                common.print("paired with " + SyncText.peer(peer));
            }
        }
        return ExitCode.OK.number();
    }

    private String ownName() {
        String host = common.surroundings().environment().getOrDefault("HOSTNAME", "");
        return !name.isEmpty() ? name : !host.isEmpty() ? host : "device";
    }
}
