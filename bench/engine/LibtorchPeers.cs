using static TorchSharp.torch;

namespace AEAnomaly.Bench.Engine;

/// <summary>Does the work of the engine with libtorch, the way a user of TorchSharp writes it: a sequence of modules, an error of its library, its autograd and its AdamW.</summary>
internal static class LibtorchPeers
{
    /// <summary>Modules of TorchSharp, on a batch that already is a tensor.</summary>
    public const string Modules = "libtorch modules";

    /// <summary>The engine's own training step with the kernels of libtorch: what <c>--device torch</c> trains on.</summary>
    public const string Device = "--device torch";

    /// <summary>Gets what the engine is compared with.</summary>
    public static IReadOnlyList<string> Names { get; } = [Modules, Device];

    /// <summary>Scores rows: forward pass and mean squared error of each.</summary>
    public static Peer Scorer(NetworkCase network, int batch)
    {
        var (model, rows) = (Network(network), Rows(network, batch));
        model.eval();
        return new Peer(Modules, () =>
        {
            using var inference = inference_mode();
            using var scope = NewDisposeScope();
            model.forward(rows).sub_(rows).pow_(2).mean([1]);
        });
    }

    /// <summary>Takes a training step: forward pass, mean squared error, backward pass, AdamW.</summary>
    public static Peer Trainer(NetworkCase network, int batch, double learningRate, double weightDecay)
    {
        var (model, rows) = (Network(network), Rows(network, batch));
        var optimizer = optim.AdamW(model.parameters(), learningRate, weight_decay: weightDecay);
        return new Peer(Modules, () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.mse_loss(model.forward(rows), rows).backward();
            optimizer.step();
        });
    }

    private static TorchSharp.Modules.Sequential Network(NetworkCase network)
    {
        var widths = network.Widths;
        var layers = new List<nn.Module<Tensor, Tensor>>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            layers.Add(nn.Linear(widths[i], widths[i + 1]));
            if (i + 2 < widths.Length)
                layers.Add(nn.ReLU());
        }

        return nn.Sequential(layers);
    }

    private static Tensor Rows(NetworkCase network, int batch) => rand(batch, network.Features).mul_(2).sub_(1);
}
