package dev.loam.server;

import dev.loam.Peer;
import dev.loam.Progress;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.server.DeviceTls.Side;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the server does with a connection. A stranger gets as far as the proof of a pairing code,
 * and only while one is offered; the store hears of nobody who is not a peer.
 */
final class Reception {
    private final PeerBook book;
    private final DeviceTls tls;
    private final PairingDesk desk;
    private final Environment environment;
    private final PeerListener listener;

    Reception(PeerBook book, PairingDesk desk, Environment environment, PeerListener listener) {
        this.book = book;
        this.tls = new DeviceTls(book.identity());
        this.desk = desk;
        this.environment = environment;
        this.listener = listener;
    }

    /** Serves one accepted connection to its end. The caller closes it. */
    void serve(Socket raw) {
        String address =
                PeerAddress.of((InetSocketAddress) raw.getRemoteSocketAddress()).toString();
        try {
            Optional<TlsLink> admitted =
                    Deadline.within(environment.stepMillis(), raw, () -> admit(raw));
            if (admitted.isPresent()) {
                hold(admitted.get());
            }
        } catch (LoamException failed) {
            String why = Objects.requireNonNullElse(failed.getMessage(), "");
            tell(() -> listener.refused(address, failed.code(), why));
        }
    }

    /** Does all that comes before a session; empty if the connection was for pairing. */
    private Optional<TlsLink> admit(Socket raw) {
        PeerTrust trust = new PeerTrust(this::checkAtTheDoor);
        TlsLink link = TlsLink.open(raw, tls, Side.SERVER, trust);
        Bytes opening = link.receive(Greeting.BYTES_MAX);
        Optional<Bytes> introduction = Greeting.SESSION.read(opening);
        if (introduction.isPresent()) {
            // Asked again: it may have come in as a stranger, because of a pairing on offer.
            find(link.peer());
            book.introductions().welcome().accept(link.peer(), introduction.get());
            link.send(Greeting.HELLO_OK.frame(book.introductions().own().get()));
            return Optional.of(link);
        }
        Bytes proof = Greeting.PAIRING.read(opening).orElseThrow(() -> Greeting.unexpected(link));
        pair(link, proof);
        link.close();
        return Optional.empty();
    }

    private void checkAtTheDoor(DeviceId device) {
        if (!desk.isAttended()) {
            find(device);
        }
    }

    private Peer find(DeviceId device) {
        return book.find()
                .apply(device)
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.FORBIDDEN,
                                        "device "
                                                + device
                                                + " is not paired with this store; if it is yours,"
                                                + " offer a pairing and enter the code there"));
    }

    private void pair(TlsLink link, Bytes proof) {
        switch (desk.redeem(proof, link.peer(), link.exporter())) {
            case PairingDesk.Answer.Accepted(Bytes hostProof) -> welcome(link, hostProof);
            case PairingDesk.Answer.Refused(PairingRefusal why, String what) -> {
                link.send(Greeting.REFUSED.frame(Bytes.adopt(new byte[] {why.tag()})));
                link.close();
                throw why.atTheHost(what);
            }
        }
    }

    private void welcome(TlsLink link, Bytes hostProof) {
        link.send(Greeting.HOST_PROOF.frame(hostProof));
        String name = name(Greeting.NAME.receive(link));
        List<String> addresses =
                book.find().apply(link.peer()).map(Peer::addresses).orElse(List.of());
        Peer joiner = new Peer(link.peer(), link.publicKey(), name, addresses);
        book.add().accept(joiner);
        tell(() -> listener.paired(joiner));
        link.send(Greeting.PAIRED.frame());
    }

    /** The name a stranger gives itself: it will be shown to people. */
    private static String name(Bytes utf8) {
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(utf8.asBuffer()).toString();
            Limits.checkName("a device's name", name, Limits.NAME_BYTES_MAX);
            return name;
        } catch (CharacterCodingException malformed) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "a device's name is not UTF-8", malformed);
        }
    }

    private void hold(TlsLink link) {
        try (link) {
            link.limitSilence(environment.idleMillis());
            SyncReport report = book.session().apply(link, Progress.NONE);
            tell(() -> listener.synced(report));
        }
    }

    /** Keeps what a listener throws away from the connection. */
    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException foreign) {
            Thread here = Thread.currentThread();
            here.getUncaughtExceptionHandler().uncaughtException(here, foreign);
        }
    }
}
