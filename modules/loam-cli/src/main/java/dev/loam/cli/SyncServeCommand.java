package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.SyncOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import dev.loam.server.PairingCode;
import dev.loam.server.PeerServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam sync serve}. */
@Command(
        name = "serve",
        description = {
            "Let paired devices connect and sync, until interrupted (Ctrl-C or SIGTERM).",
            "With --json one document is printed for each thing that happens."
        })
final class SyncServeCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final BandwidthOption bandwidth = new BandwidthOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "The port; default: one that is free.")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "The address of this machine to listen on; 0.0.0.0 is all of them. Default:"
                            + " ${DEFAULT-VALUE}, which other machines do not reach.")
    private String bind = "";

    @Option(
            names = "--pair",
            description =
                    "Offer to be paired with one device: print the text that it enters within ten"
                            + " minutes. Whoever reads it can join.")
    private boolean pair;

    @Option(
            names = "--qr",
            description =
                    "With --pair: show the text as a QR code on stderr too, which happens by itself"
                            + " on a terminal that is wide enough.")
    private boolean qr;

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            description =
                    "Where the other device reaches this one, if not at the address it listens on;"
                            + " may be repeated.")
    private List<String> addresses = List.of();

    @Override
    public Integer call() {
        InetSocketAddress address = new InetSocketAddress(resolved(), checkedPort());
        SyncOptions terms = bandwidth.applyTo(SyncOptions.live());
        UntilInterrupted end = UntilInterrupted.start();
        try (OpenStore store = common.openOrMake(LoamOptions.unencrypted());
                PeerServer server =
                        PeerServer.start(store.loam(), address, new PeerNews(common), terms)) {
            announce(address, server);
            end.await();
        } finally {
            end.finished();
        }
        return ExitCode.OK.number();
    }

    private InetAddress resolved() {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException unknown) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "--bind " + bind + " is no address", unknown);
        }
    }

    private int checkedPort() {
        if (port < 0 || port > 65_535) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "--port is a number from 0 to 65535");
        }
        return port;
    }

    private void announce(InetSocketAddress address, PeerServer server) {
        String listening = address.getAddress().getHostAddress() + ":" + server.port();
        if (common.json()) {
            common.print(event("listening").put("address", listening).build());
        } else {
            common.print("listening on " + listening);
        }
        if (pair) {
            PairingCode code = server.offerPairing(addresses);
            show(code.toText());
            if (common.json()) {
                common.print(event("pairing").put("text", code.toText()).build());
            } else {
                common.print("on the other device, within ten minutes, once:");
                common.print("loam sync pair " + code.toText());
            }
        }
    }

    private void show(String text) {
        Optional<QrText> drawn = QrText.of(text);
        if (drawn.isEmpty() && qr) {
            common.note("the pairing text is too long for a QR code; name fewer addresses");
        }
        drawn.filter(each -> qr || fits(each)).ifPresent(each -> common.draw(each.lines()));
    }

    private boolean fits(QrText drawn) {
        return common.surroundings().terminal()
                && drawn.columns() <= common.surroundings().columns();
    }

    static JsonObject.Builder event(String name) {
        return JsonObject.builder().put("event", name);
    }
}
