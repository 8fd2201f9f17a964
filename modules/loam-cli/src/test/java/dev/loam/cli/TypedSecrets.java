package dev.loam.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Descriptors and a terminal in memory. */
final class TypedSecrets implements SecretInput {
    private final Map<Integer, InputStream> descriptors = new HashMap<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<char[]> lent = new ArrayList<>();
    private boolean isTerminal;

    final List<String> questions = new ArrayList<>();

    TypedSecrets descriptor(int number, String content) {
        return descriptor(number, content.getBytes(StandardCharsets.UTF_8));
    }

    TypedSecrets descriptor(int number, byte[] content) {
        descriptors.put(number, new ByteArrayInputStream(content));
        return this;
    }

    /** Somebody who types these, and then ends the input. */
    TypedSecrets terminal(String... typed) {
        isTerminal = true;
        answers.addAll(List.of(typed));
        return this;
    }

    /** What was typed, as it is after whoever got it is done with it. */
    List<char[]> lent() {
        return lent;
    }

    @Override
    public InputStream descriptor(int number) throws IOException {
        InputStream open = descriptors.get(number);
        if (open == null) {
            throw new IOException("no such descriptor");
        }
        return open;
    }

    @Override
    public boolean isTerminal() {
        return isTerminal;
    }

    @Override
    public Optional<char[]> ask(String question) {
        questions.add(question);
        Optional<char[]> answer = Optional.ofNullable(answers.poll()).map(String::toCharArray);
        answer.ifPresent(lent::add);
        return answer;
    }
}
