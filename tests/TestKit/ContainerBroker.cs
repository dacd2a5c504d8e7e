using System.Diagnostics;
using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.Kafka;

namespace AEAnomaly.TestKit;

/// <summary>A broker in a container, by Testcontainers.Kafka.</summary>
internal sealed class ContainerBroker : BrokerNode
{
    private const int InnerPort = 9095;
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(60);

    private readonly ContainerEngine _engine;
    private readonly KafkaContainer _container;
    // Testcontainers tells a container's id, its log and removes it only while it knows the container's state, and Podman has one, "stopped", that it does not.
    private string? _containerId;
    private readonly int _port;

    public ContainerBroker(
        ContainerEngine engine, string image, int id, int count, int port, INetwork? network, IReadOnlyDictionary<string, string> settings)
    {
        _engine = engine;
        _port = port;
        Id = id;
        var builder = new KafkaBuilder(image)
            .WithVendor(KafkaVendor.ApacheSoftwareFoundation)
            .WithLogger(NullLogger.Instance)
            .WithHostname(Host(id))
            // Brokers talk to each other, and to themselves, by name: Testcontainers' own listener for that advertises the container's address,
            // which is another one after a restart.
            .WithListener(string.Create(CultureInfo.InvariantCulture, $"{Host(id)}:{InnerPort}"))
            .WithEnvironment("KAFKA_INTER_BROKER_LISTENER_NAME", "TC-0")
            // Fixed, because an engine may take another free port at each start.
            .WithPortBinding(port, KafkaBuilder.KafkaPort)
            .WithEnvironment("KAFKA_NODE_ID", Text(id))
            .WithEnvironment("KAFKA_BROKER_ID", Text(id))
            .WithEnvironment("KAFKA_CONTROLLER_QUORUM_VOTERS", string.Join(',', Enumerable.Range(1, count).Select(n => $"{n}@{Host(n)}:{KafkaBuilder.ControllerPort}")))
            .WithEnvironment(settings.ToDictionary(setting => VariableOf(setting.Key), setting => setting.Value))
            // As Testcontainers has it, but with "exec": a shell that stayed process 1 would swallow SIGTERM, and every stop be a kill. And the script is read, not run, and only
            // when it is whole: an engine copies it in steps, and one that exists may still be empty, be open for writing ("text file busy") or have no mode ("permission denied").
            .WithEntrypoint("/bin/bash", "-c")
            .WithCommand(new OverwriteEnumerable<string>([StartWhenWhole(KafkaBuilder.StartupScriptFilePath)]))
            .WithCreateParameterModifier(Adapt);
        _container = (network is null ? builder : builder.WithNetwork(network)).Build();
        _container.Created += (_, _) => _containerId = _container.Id;
    }

    public override int Id { get; }

    public override string Address => string.Create(CultureInfo.InvariantCulture, $"{_container.Hostname}:{_port}");

    public override async Task StartAsync()
    {
        using var bound = new CancellationTokenSource(StartBound);
        try
        {
            // In a second life not by Testcontainers: it would write the broker's script again, under the shell that reads the one of the first.
            // Nothing waits here then; whoever starts a broker waits until it serves.
            if (_containerId is { } known)
                await Containers.StartContainerAsync(known, new ContainerStartParameters(), bound.Token);
            else
                await _container.StartAsync(bound.Token);
        }
        catch (Exception exception) when (exception is ContainerNotRunningException or InvalidOperationException)
        {
            throw new InvalidOperationException($"the container of broker {Id} ended while it started ({exception.Message}); its log ends with:\n{await ReadLogTailAsync()}", exception);
        }
        // Testcontainers has a bound of its own too: 15 s until the engine tells which ports are published.
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            throw new TimeoutException(
                $"not in time, at most {StartBound.TotalSeconds} s: the container of broker {Id} starts, which now is {await StateAsync()}; its log ends with:\n{await ReadLogTailAsync()}",
                exception);
        }
    }

    public override Task TerminateAsync() => Containers.StopContainerAsync(Started, new ContainerStopParameters { WaitBeforeKillSeconds = (uint)StopBound.TotalSeconds });

    public override Task KillAsync() => Containers.KillContainerAsync(Started, new ContainerKillParameters { Signal = "KILL" });

    public override Task PauseAsync() => Containers.PauseContainerAsync(Started);

    public override Task ResumeAsync() => Containers.UnpauseContainerAsync(Started);

    public override async Task<bool> IsRunningAsync() =>
        _containerId is not null && (await Containers.InspectContainerAsync(_containerId)).State is { Running: true } or { Paused: true };

    public override async Task<string> ReadLogAsync()
    {
        if (_containerId is null)
            return "";
        using var log = await Containers.GetContainerLogsAsync(_containerId, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true });
        var (output, error) = await log.ReadOutputToEndAsync(CancellationToken.None);
        return output + error;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_containerId is not null)
        {
            // Removing alone would first stop it in order, for which the last brokers of a cluster lack a quorum: they would use up the whole time-out.
            if (await IsRunningAsync())
                await KillAsync();
            await Containers.RemoveContainerAsync(_containerId, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        }

        await _container.DisposeAsync();
    }

    private async Task<string> StateAsync()
    {
        if (_containerId is null)
            return "not created";
        var watch = Stopwatch.StartNew();
        var container = await Containers.InspectContainerAsync(_containerId);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{container.State?.Status ?? "in no state"} since {container.State?.StartedAt}, {container.NetworkSettings?.Ports?.Count ?? 0} ports published (asked in {watch.ElapsedMilliseconds} ms)");
    }

    private IContainerOperations Containers => _engine.Client.Containers;

    private string Started => _containerId ?? throw new InvalidOperationException("the broker was never started");

    // The line that is waited for is the last one of Testcontainers' script for Apache's image.
    private static string StartWhenWhole(string script) =>
        $"until [[ -r {script} && $(<{script}) == *'exec /etc/kafka/docker/run' ]]; do sleep 0.1; done; exec /bin/bash {script}";

    private static string Host(int id) => string.Create(CultureInfo.InvariantCulture, $"kafka-{id}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // server.properties as environment variables: "." is "_", "_" is "__", "-" is "___".
    private static string VariableOf(string setting) => "KAFKA_" + setting.ToUpperInvariant()
        .Replace("_", "__", StringComparison.Ordinal).Replace("-", "___", StringComparison.Ordinal).Replace('.', '_');

    private static void Adapt(CreateContainerParameters create)
    {
        // Podman kills at once where none is named; Docker waits ten seconds by itself.
        create.StopTimeout = StopBound;
        // Brokers that let everybody in are published on the one address that clients are told, where that is given.
        if (IPAddress.TryParse(TestcontainersSettings.DockerHostOverride, out var address))
        {
            foreach (var binding in create.HostConfig!.PortBindings!.Values.SelectMany(bindings => bindings))
                binding.HostIP = address.ToString();
        }
    }
}
