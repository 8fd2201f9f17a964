package dev.loam.server;

import dev.loam.Loam;
import dev.loam.Peer;
import dev.loam.Progress;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.crypto.PairingProof;
import dev.loam.crypto.PairingProof.Role;
import dev.loam.server.DeviceTls.Side;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connects to the {@link PeerServer} of another device. Each call is one connection. */
public final class PeerClient {
    private static final String NOT_ADMITTED =
            "the other device did not admit this one; if it does not list it as a peer, pair the"
                    + " two again";

    private static final String NOT_ACCEPTED =
            "the other device does not accept this pairing code; it is good once, for ten minutes,"
                    + " until the next is offered: offer a new one there and enter that";

    private final PeerBook book;
    private final DeviceTls tls;
    private final Environment environment;

    PeerClient(PeerBook book, Environment environment) {
        this.book = book;
        this.tls = new DeviceTls(book.identity());
        this.environment = environment;
    }

    /**
     * Joins the pairing that {@code code} offers: proves to know its secret, to the very device
     * that made it. Then each side has the other as a peer, durably. Blocks until done.
     *
     * @param ownName what the host will call this device; 1 to 256 bytes of UTF-8
     * @return the host, as this store now knows it
     * @throws LoamException {@code PAIRING_WRONG}, {@code PAIRING_USED}, {@code PAIRING_EXPIRED} or
     *     {@code PAIRING_LOCKED} if the host does not accept the code and says why; {@code
     *     FORBIDDEN} if it does not say why, or another device answers; {@code CONNECTION} or
     *     {@code TIMEOUT} if none of the addresses answers
     */
    public static Peer pair(Loam loam, PairingCode code, String ownName) {
        return new PeerClient(PeerBook.of(loam), Environment.system()).pair(code, ownName);
    }

    /**
     * Connects to a paired device, at the first of its addresses that answers, and syncs. Blocks
     * until done.
     *
     * @throws LoamException {@code FORBIDDEN} if the peer does not admit this device, or another
     *     device answers; {@code CONNECTION} or {@code TIMEOUT} if none of the addresses answers;
     *     {@code INVALID_ARGUMENT} if no address is known; and what {@link Loam#sync} throws
     */
    public static SyncReport sync(Loam loam, Peer peer, Progress progress) {
        return new PeerClient(PeerBook.of(loam), Environment.system()).sync(peer, progress);
    }

    /** As {@link #sync(Loam, Peer, Progress)}, in the way that {@code options} say. */
    public static SyncReport sync(Loam loam, Peer peer, SyncOptions options) {
        return new PeerClient(PeerBook.of(loam, options), Environment.system())
                .sync(peer, Progress.NONE);
    }

    Peer pair(PairingCode code, String ownName) {
        Limits.checkName("a device's name", ownName, Limits.NAME_BYTES_MAX);
        if (code.host().equals(book.identity().id())) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "this pairing code was made by this very device; enter it on the other one");
        }
        try (TlsLink link = dialAny(code.host(), code.addresses(), NOT_ACCEPTED)) {
            return link.within(environment.stepMillis(), () -> join(link, code, ownName));
        }
    }

    SyncReport sync(Peer peer, Progress progress) {
        if (peer.addresses().isEmpty()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no address of device "
                            + peer.id()
                            + " is known; let it connect to this one, or give its address");
        }
        try (TlsLink link = dialAny(peer.id(), peer.addresses(), NOT_ADMITTED)) {
            Bytes introduction = awaitAdmission(link);
            book.introductions().welcome().accept(link.peer(), introduction);
            link.limitSilence(environment.idleMillis());
            return book.session().apply(link, progress);
        }
    }

    /**
     * A link to {@code device} at the first address where it answers.
     *
     * @param refusal what to tell if it answers and hangs up on us
     */
    private TlsLink dialAny(DeviceId device, List<String> addresses, String refusal) {
        List<LoamException> failures = new ArrayList<>();
        for (String address : addresses) {
            try {
                return dial(device, PeerAddress.parse(address), refusal);
            } catch (LoamException failed) {
                failures.add(failed);
            }
        }
        // A refusal says more than an address that does not answer.
        LoamException told =
                failures.stream()
                        .filter(failed -> failed.code() == ErrorCode.FORBIDDEN)
                        .findFirst()
                        .orElse(failures.getLast());
        failures.stream().filter(other -> other != told).forEach(told::addSuppressed);
        throw told;
    }

    private TlsLink dial(DeviceId device, PeerAddress address, String refusal) {
        Socket raw = new Socket();
        PeerTrust trust = new PeerTrust(answering -> checkPin(device, answering, address));
        try {
            raw.connect(address.resolve(), Math.toIntExact(environment.stepMillis()));
            return Deadline.within(
                    environment.stepMillis(),
                    raw,
                    () -> TlsLink.open(raw, tls, Side.CLIENT, trust));
        } catch (IOException failed) {
            abandon(raw);
            throw new LoamException(
                    failed instanceof SocketTimeoutException
                            ? ErrorCode.TIMEOUT
                            : ErrorCode.CONNECTION,
                    "cannot reach "
                            + address
                            + " ("
                            + failed.getMessage()
                            + "); check the address and that Loam serves there",
                    failed);
        } catch (LoamException failed) {
            abandon(raw);
            // Our side was content with its key, so it is the other side that hung up.
            throw failed.code() == ErrorCode.CONNECTION && trust.presentedKey().isPresent()
                    ? new LoamException(ErrorCode.FORBIDDEN, refusal, failed)
                    : failed;
        }
    }

    private static void checkPin(DeviceId expected, DeviceId answering, PeerAddress address) {
        if (!answering.equals(expected)) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN,
                    "device "
                            + answering
                            + " answers at "
                            + address
                            + " instead of device "
                            + expected
                            + "; correct the address, or pair again if that device was set up anew");
        }
    }

    /**
     * In TLS 1.3 our handshake succeeds before the server has judged our certificate.
     *
     * @return the server's introduction
     */
    private Bytes awaitAdmission(TlsLink link) {
        Bytes own = book.introductions().own().get();
        try {
            return link.within(
                    environment.stepMillis(),
                    () -> {
                        link.send(Greeting.SESSION.frame(own));
                        return Greeting.HELLO_OK.receive(link);
                    });
        } catch (LoamException refused) {
            throw new LoamException(ErrorCode.FORBIDDEN, NOT_ADMITTED, refused);
        }
    }

    private Peer join(TlsLink link, PairingCode code, String ownName) {
        DeviceId joiner = book.identity().id();
        Bytes exporter = link.exporter();
        Bytes given =
                proveAndAsk(
                        link,
                        PairingProof.of(code.secret(), Role.JOINER, code.host(), joiner, exporter));
        Bytes expected = PairingProof.of(code.secret(), Role.HOST, code.host(), joiner, exporter);
        if (!PairingProof.matches(expected, given)) {
            throw new LoamException(ErrorCode.FORBIDDEN, NOT_ACCEPTED);
        }
        link.send(Greeting.NAME.frame(Bytes.ofUtf8(ownName)));
        Greeting.PAIRED.receive(link);
        // The host has no name of its own to tell: it keeps the one it has here, if any.
        String name =
                book.find().apply(code.host()).map(Peer::name).orElse(code.addresses().getFirst());
        Peer host = new Peer(code.host(), link.publicKey(), name, code.addresses());
        book.add().accept(host);
        return host;
    }

    private static Bytes proveAndAsk(TlsLink link, Bytes proof) {
        try {
            link.send(Greeting.PAIRING.frame(proof));
            Bytes answer = link.receive(Greeting.BYTES_MAX);
            Optional<PairingRefusal> refusal =
                    Greeting.REFUSED.read(answer).flatMap(why -> PairingRefusal.of(why.get(0)));
            if (refusal.isPresent()) {
                throw refusal.get().atTheJoiner();
            }
            return Greeting.HOST_PROOF.read(answer).orElseThrow(() -> Greeting.unexpected(link));
        } catch (LoamException refused) {
            throw refused.code() == ErrorCode.CONNECTION || refused.code() == ErrorCode.TIMEOUT
                    ? new LoamException(ErrorCode.FORBIDDEN, NOT_ACCEPTED, refused)
                    : refused;
        }
    }

    private static void abandon(Socket raw) {
        try {
            raw.close();
        } catch (IOException gone) {
            // A socket that fails to close is closed.
        }
    }
}
