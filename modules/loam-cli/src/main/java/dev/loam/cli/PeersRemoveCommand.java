package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam peers remove}. */
@Command(
        name = "remove",
        description = {
            "Trust a paired device no longer: it is refused from now on.",
            "It keeps what it has, and what it wrote stays. Other devices that are paired with it"
                    + " still sync with it: remove it there too."
        })
final class PeersRemoveCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "PEER", description = PeerChoice.DESCRIPTION)
    private String peer = "";

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Peer chosen = PeerChoice.of(store.loam().peers(), peer);
            store.loam().removePeer(chosen.id());
            if (common.json()) {
                common.print(LoamJson.peer(chosen));
            } else {
                common.print("removed " + PeerText.name(chosen));
            }
        }
        return ExitCode.OK.number();
    }
}
