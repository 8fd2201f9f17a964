package dev.loam.server;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a device listens: {@code host:port}, with an IPv6 address in brackets. */
record PeerAddress(String host, int port) {
    private static final int PORT_MAX = 65_535;
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([A-Za-z0-9._-]{1,253})|\\[([0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9]{1,16})?)])"
                            + ":([0-9]{1,5})");

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} if {@code text} is of another form
     */
    static PeerAddress parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            String host = form.group(1) == null ? form.group(2) : form.group(1);
            int port = Integer.parseInt(form.group(3));
            if (port > 0 && port <= PORT_MAX) {
                return new PeerAddress(host, port);
            }
        }
        throw new LoamException(
                ErrorCode.INVALID_ARGUMENT,
                "an address is host:port or [IPv6 address]:port with a port from 1 to " + PORT_MAX);
    }

    static PeerAddress of(InetSocketAddress address) {
        String host =
                address.isUnresolved()
                        ? address.getHostString()
                        : address.getAddress().getHostAddress();
        return new PeerAddress(host, address.getPort());
    }

    /** Looks the host up; the answer may be unresolved. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
