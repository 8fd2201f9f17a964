package dev.loam.server;

import dev.loam.Loam;
import dev.loam.SyncOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets peers sync with a store, and new ones be paired with it. Only paired devices are admitted;
 * anybody else is turned away before the store is touched, and told to the listener.
 */
public final class PeerServer implements AutoCloseable {
    /** How many connections are served at once; more wait until one ends. */
    public static final int CONNECTIONS_MAX = 128;

    private static final int BACKLOG = 64;
    private static final long ACCEPT_PAUSE_MILLIS = 100;
    private static final long CLOSE_MILLIS = 10_000;

    private final ServerSocket socket;
    private final PairingDesk desk;
    private final Reception reception;
    private final PeerBook book;
    private final Semaphore room = new Semaphore(CONNECTIONS_MAX);
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("loam-peer-", 0).factory());

    private PeerServer(
            ServerSocket socket, PeerBook book, Environment environment, PeerListener listener) {
        this.socket = socket;
        this.book = book;
        this.desk = new PairingDesk(environment, book.identity().id());
        this.reception = new Reception(book, desk, environment, listener);
    }

    /**
     * Listens on {@code bind}; port 0 takes a free one. Each admitted connection is one {@link
     * Loam#sync}. Close the server before the store.
     *
     * @throws LoamException {@code CONNECTION} if it cannot listen there
     */
    public static PeerServer start(Loam loam, InetSocketAddress bind, PeerListener listener) {
        return start(loam, bind, listener, SyncOptions.live());
    }

    /**
     * As above, with each peer in the way that {@code options} say. A peer that wants one exchange
     * gets that, though they say {@code LIVE}, which is what servers offer otherwise.
     */
    public static PeerServer start(
            Loam loam, InetSocketAddress bind, PeerListener listener, SyncOptions options) {
        return start(PeerBook.of(loam, options), bind, listener, Environment.system());
    }

    /** Listens on the loopback address, which other machines do not reach; port 0 as above. */
    public static PeerServer start(Loam loam, int port, PeerListener listener) {
        return start(loam, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), listener);
    }

    static PeerServer start(
            PeerBook book, InetSocketAddress bind, PeerListener listener, Environment environment) {
        PeerServer server = new PeerServer(listen(bind), book, environment, listener);
        server.threads.execute(server::acceptAll);
        return server;
    }

    private static ServerSocket listen(InetSocketAddress bind) {
        try {
            return new ServerSocket(bind.getPort(), BACKLOG, bind.getAddress());
        } catch (IOException failed) {
            throw new LoamException(
                    ErrorCode.CONNECTION,
                    "cannot listen on "
                            + PeerAddress.of(bind)
                            + " ("
                            + failed.getMessage()
                            + "); choose another port or an address of this machine",
                    failed);
        }
    }

    /** The port it listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /**
     * Offers pairing to one device for ten minutes; five wrong proofs end the offer, and so does
     * the next one.
     *
     * @param addresses {@code host:port} under which the joiner reaches this server; if empty, the
     *     address it is bound to
     * @throws LoamException {@code INVALID_ARGUMENT} if an address is malformed, or none is given
     *     and the server listens on all of them; {@code CLOSED} after {@link #close}
     */
    public PairingCode offerPairing(List<String> addresses) {
        if (isClosing()) {
            throw new LoamException(
                    ErrorCode.CLOSED, "the peer server is closed; start it before pairing");
        }
        List<String> reachable = addresses.isEmpty() ? List.of(boundAddress()) : addresses;
        // Before the secret is valid, so that a malformed address leaves no offer behind.
        PairingCode.checkAddresses(reachable);
        return new PairingCode(book.identity().id(), reachable, desk.offer());
    }

    private String boundAddress() {
        if (socket.getInetAddress().isAnyLocalAddress()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the server listens on all addresses of this machine; name the one, as"
                            + " host:port, under which the other device reaches it");
        }
        return new PeerAddress(socket.getInetAddress().getHostAddress(), port()).toString();
    }

    private void acceptAll() {
        try {
            while (!isClosing()) {
                room.acquire();
                try {
                    serve(socket.accept());
                } catch (IOException failed) {
                    room.release();
                    // The process may be out of descriptors: let some connections end first.
                    closing.await(ACCEPT_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException impossible) {
            throw new AssertionError("nobody interrupts this thread", impossible);
        }
    }

    private void serve(Socket connection) {
        connections.add(connection);
        try {
            threads.execute(
                    () -> {
                        try {
                            if (!isClosing()) {
                                reception.serve(connection);
                            }
                        } finally {
                            leave(connection);
                        }
                    });
        } catch (RejectedExecutionException closed) {
            leave(connection);
        }
    }

    private void leave(Socket connection) {
        release(connection);
        connections.remove(connection);
        room.release();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /**
     * Ends listening and every connection, and waits up to ten seconds for their threads. What was
     * exchanged stays; a session that was cut goes on from there the next time. Idempotent.
     */
    @Override
    public void close() {
        closing.countDown();
        release(socket);
        connections.forEach(PeerServer::release);
        // Wakes the accepting thread where it waits for room.
        room.release();
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private static void release(Closeable socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // A socket that fails to close is closed.
        }
    }
}
