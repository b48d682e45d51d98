package inkan.interop.dss;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;

/**
 * Reads tasks from standard input and writes an answer for each to standard output, a JSON object a line. It lives
 * until the input ends, since most of the time of a single judgement goes into starting.
 */
final class Runner {

    private Runner() {
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        ObjectMapper mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
        ObjectReader reader = mapper.readerFor(Task.class);
        ObjectWriter writer = mapper.writerFor(Answer.class);
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what libraries print must not come among the answers
        BufferedReader tasks = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = tasks.readLine(); line != null; line = tasks.readLine()) {
            Task task = reader.readValue(line);
            answers.println(writer.writeValueAsString(answer(task)));
        }
    }

    private static Answer answer(Task task) {
        try {
            return switch (task.command()) {
                case "judge" -> Judge.judge(task);
                case "sign" -> Maker.sign(task);
                case "extend" -> Maker.extend(task);
                case "report" -> EtsiReport.write(task);
                case "schema" -> EtsiReport.check(task);
                case "timestamp" -> Maker.timestamp(task);
                default -> throw new IllegalArgumentException("no command " + task.command());
            };
        } catch (Exception | StackOverflowError | OutOfMemoryError e) { // the test reads the reason; nothing is hidden
            return new Answer(task.file(), e.getClass().getSimpleName() + ": " + e.getMessage(), null, null);
        }
    }
}
