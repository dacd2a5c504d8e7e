using System.Diagnostics;
using System.Text;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Demo;

/// <summary>Produces the generated stream: fast until the first training has its records, then at the wished rate, never further ahead of the scoring than the topic can hold.</summary>
internal sealed class PaymentProducer(DemoOptions options, string topic, TopicProducer producer, DemoLedger ledger, DemoProgress progress)
{
    // The embedded cluster keeps 5 MiB a partition; what is not scored yet must fit with room to spare.
    public const int MaxAhead = 60_000;

    // One message in so many is cut off in the middle, so that the dead-letter topic shows what it is for.
    private const int DamagedEvery = 4999;

    private static readonly TimeSpan Margin = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestPast = TimeSpan.FromDays(3650);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var today = TimeProvider.System.GetUtcNow();
        var generator = new PaymentGenerator(options.Seed, today - Past, today);
        var message = new PaymentMessage();
        using var timer = new PeriodicTimer(Tick);
        var clock = Stopwatch.StartNew();
        double due = 0;
        var last = TimeSpan.Zero;
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var now = clock.Elapsed;
            due = Math.Min(due + ((now - last).TotalSeconds * Rate(ledger.Produced)), Rate(ledger.Produced));
            last = now;
            generator.FraudOn = progress.Scoring;
            for (; due >= 1 && ledger.Produced - progress.Handled < MaxAhead; due--)
                Produce(generator.Next(), message);
        }
    }

    // The generated world is much quicker than ours, and must not reach today: what is dated ahead of the broker's clock would not be believed.
    private TimeSpan Past => options.Keep
        ? LongestPast
        : TimeSpan.FromDays((DemoConfiguration.TrainingRecords + (options.Rate * options.Duration.TotalSeconds)) / PaymentGenerator.PaymentsPerDay) + Margin;

    private double Rate(long produced) => produced < DemoConfiguration.TrainingRecords * 1.02 ? Math.Max(options.Rate, DemoConfiguration.TrainingRecords / 2.0) : options.Rate;

    private void Produce(Payment payment, PaymentMessage message)
    {
        var value = message.Write(payment).ToArray();
        var key = Encoding.UTF8.GetBytes(payment.CardId);
        ledger.NotePayment(payment);
        producer.Produce(topic, key, value);
        if (payment.Sequence % DamagedEvery != DamagedEvery - 1)
            return;

        ledger.NoteDamaged();
        producer.Produce(topic, key, value.AsSpan(0, value.Length / 2).ToArray());
    }
}
