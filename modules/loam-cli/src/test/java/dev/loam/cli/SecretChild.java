package dev.loam.cli;

import java.nio.charset.StandardCharsets;

/** Prints the first line of the descriptor that it is told, and what is left of stdin then. */
final class SecretChild {
    private SecretChild() {}

    public static void main(String[] arguments) throws Exception {
        SecretInput input = new ProcessSecretInput();
        char[] line = SecretLine.read(input, Integer.parseInt(arguments[0]), "--passphrase-fd");
        System.out.println("line=" + new String(line));
        System.out.println("terminal=" + input.isTerminal());
        System.out.println(
                "rest=" + new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
}
