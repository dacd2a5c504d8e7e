using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.TestKit;

/// <summary>The container engine that Testcontainers finds (DOCKER_HOST, else the usual sockets), with the image of the brokers in it.</summary>
internal sealed class ContainerEngine : BrokerSource
{
    private static readonly TimeSpan PullBound = TimeSpan.FromMinutes(5);

    private readonly string _image;
    private readonly Uri _endpoint;

    private ContainerEngine(string image, Uri endpoint, IDockerClient client)
    {
        _image = image;
        _endpoint = endpoint;
        Client = client;
    }

    public override string Description => $"in containers: {_image}, engine {_endpoint}";

    /// <summary>What Testcontainers itself does not offer: kill, and look whether a container lives.</summary>
    public IDockerClient Client { get; }

    /// <summary>Looks for an engine; one that is missing costs a few refused connections.</summary>
    /// <returns>The engine, or why there is none with the image.</returns>
    public static (ContainerEngine? Engine, string WhyNot) Find()
    {
        var image = TestEnvironment.KafkaImage;
        if (image == TestEnvironment.NoImage)
            return (null, $"no containers: {TestEnvironment.KafkaImageVariable} is {TestEnvironment.NoImage}");
        if (TestcontainersSettings.OS.DockerEndpointAuthConfig is not { } endpoint)
            return (null, "no containers: no container engine answers at DOCKER_HOST or at the usual sockets");
        // On a thread of its own: xunit discovers tests on one that must not wait for continuations on itself.
        return Task.Run(() => FindAsync(image, endpoint)).GetAwaiter().GetResult();
    }

    public override (BrokerNode[] Nodes, IAsyncDisposable? Shared) Create(int count, IReadOnlyDictionary<string, string> settings)
    {
        var network = count == 1 ? null : new NetworkBuilder().WithLogger(NullLogger.Instance).Build();
        var ports = FreePorts.Take(count);
        return ([.. ports.Select((port, index) => new ContainerBroker(this, _image, index + 1, count, port, network, settings))], network);
    }

    private static async Task<(ContainerEngine?, string)> FindAsync(string image, IDockerEndpointAuthenticationConfiguration endpoint)
    {
        var client = endpoint.GetDockerClientBuilder().Build();
        try
        {
            await FindImageAsync(client, new DockerImage(image));
            await DoWithoutReaperWhereItCannotRunAsync(endpoint);
            // How long Testcontainers waits before it looks again whether a broker has started; a second otherwise.
            TestcontainersSettings.WaitStrategyInterval ??= TimeSpan.FromSeconds(0.2);
            return (new ContainerEngine(image, endpoint.Endpoint, client), "");
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            client.Dispose();
            return (null, $"no containers: the engine at {endpoint.Endpoint} has no image {image}, and it cannot be pulled ({exception.Message.Trim()})");
        }
    }

    private static async Task FindImageAsync(DockerClient client, DockerImage image)
    {
        try
        {
            await client.Images.InspectImageAsync(image.FullName);
        }
        catch (DockerImageNotFoundException)
        {
            using var bound = new CancellationTokenSource(PullBound);
            await client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = image.FullName }, new AuthConfig(), new Progress<JSONMessage>(), bound.Token);
            // A pull that failed half-way says so in its messages only.
            await client.Images.InspectImageAsync(image.FullName, bound.Token);
        }
    }

    // Ryuk removes what a killed test run leaves behind; it is an image too, which an engine without registries lacks, and Testcontainers then starts nothing.
    private static async Task DoWithoutReaperWhereItCannotRunAsync(IDockerEndpointAuthenticationConfiguration endpoint)
    {
        if (!TestcontainersSettings.ResourceReaperEnabled)
            return;
        try
        {
            await ResourceReaper.GetAndStartDefaultAsync(endpoint, NullLogger.Instance);
        }
        catch (Exception exception) when (exception is DockerApiException or ResourceReaperException)
        {
            TestcontainersSettings.ResourceReaperEnabled = false;
        }
    }
}
