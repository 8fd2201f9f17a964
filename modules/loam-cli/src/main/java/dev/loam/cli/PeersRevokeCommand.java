package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam peers revoke}. */
@Command(
        name = "revoke",
        description = {
            "Shut a lost or stolen device out of every vault, for good.",
            "It is refused from now on, here at once and by every other device as soon as that"
                    + " hears of it. It cannot be let in again. It keeps what it has, and what it"
                    + " wrote before stays. `loam peers remove` only stops the sync with this"
                    + " store."
        })
final class PeersRevokeCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "PEER", description = PeerChoice.DESCRIPTION)
    private String peer = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Peer chosen = PeerChoice.of(store.loam().peers(), peer);
            if (!yes && !isConfirmed(chosen)) {
                common.note("nothing was changed");
                return ExitCode.USAGE.number();
            }
            List<String> vaults = store.loam().revoke(chosen.id());
            if (common.json()) {
                common.print(
                        JsonObject.builder()
                                .put("peer", chosen.id().toString())
                                .putTexts("vaults", vaults)
                                .build());
            } else {
                common.print(
                        "revoked "
                                + PeerText.name(chosen)
                                + (vaults.isEmpty()
                                        ? "; it was in no vault"
                                        : " from " + String.join(", ", vaults)));
            }
        }
        return ExitCode.OK.number();
    }

    /** No answer, as where there is nobody to ask, means no. */
    private boolean isConfirmed(Peer chosen) {
        common.note("revoke " + PeerText.name(chosen) + " for good? [y/N]");
        try {
            String answer =
                    new BufferedReader(
                                    new InputStreamReader(
                                            common.surroundings().in(), StandardCharsets.UTF_8))
                            .readLine();
            return answer != null && answer.strip().equalsIgnoreCase("y");
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "stdin cannot be read", failed);
        }
    }
}
