using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

internal sealed partial class TorchDevice
{
    /// <summary>Moves all parameters at once: they are views of one tensor, beside one of gradients and two of moments. Nothing is read back.</summary>
    private sealed class FlatUpdate : ParameterUpdate
    {
        private readonly TorchDevice _device;
        private readonly Place[] _places;
        private readonly torch.Tensor?[] _views;
        private readonly int _decaying;
        private readonly Tensor _values;
        private readonly Tensor _gradient;
        private readonly Tensor _firstMoment;
        private readonly Tensor _secondMoment;

        public FlatUpdate(TorchDevice device, IReadOnlyList<LearnedTensor> parameters)
        {
            _device = device;
            _places = new Place[parameters.Count];
            _views = new torch.Tensor?[parameters.Count];
            var (count, next) = (0, 0);

            // Those that decay come first, as one part.
            foreach (var decays in new[] { true, false })
            {
                for (var i = 0; i < parameters.Count; i++)
                {
                    if (parameters[i].Decays != decays)
                        continue;
                    _places[next++] = new Place(i, parameters[i].Value, count);
                    count += parameters[i].Value.Count;
                }

                if (decays)
                    _decaying = count;
            }

            var shape = new Shape(count);
            (_values, _gradient) = (device.Allocate(shape), device.Allocate(shape));
            (_firstMoment, _secondMoment) = (device.Allocate(shape), device.Allocate(shape));
        }

        public override void Take(ReadOnlySpan<Tensor> gradients, in AdamWStep step, double clipNorm)
        {
            Join();
            Set(_gradient, Concatenate(gradients));
            if (clipNorm > 0)
                Clip((float)clipNorm);
            if (step.Decay != 0)
            {
                using var values = Read(_values);
                using var decaying = values.Value.narrow(0, 0, _decaying);
                using var shrink = (1 - (step.LearningRate * step.Decay)).ToScalar();
                decaying.mul_(shrink);
            }

            _device.AdamW(_values, _gradient, _firstMoment, _secondMoment, step with { Decay = 0 });
        }

        public override void Dispose()
        {
            // The parameters go on as views of what the values were.
            foreach (var tensor in new[] { _values, _gradient, _firstMoment, _secondMoment })
                _device.Release(tensor);
        }

        /// <summary>Makes every parameter a view again: a write from outside, or another update of it, may have put a tensor of its own in the place.</summary>
        private void Join()
        {
            using var values = Read(_values);
            for (var i = 0; i < _places.Length; i++)
            {
                var (_, parameter, start) = _places[i];
                if (ReferenceEquals(Memory(parameter).Value, _views[i]))
                    continue;

                using var part = values.Value.narrow(0, start, parameter.Count);
                var view = part.view(Extents(parameter.Shape));
                using (var value = Read(parameter))
                    view.copy_(value.Value);
                Set(parameter, view);
                _views[i] = view;
            }
        }

        private torch.Tensor Concatenate(ReadOnlySpan<Tensor> gradients)
        {
            var parts = new torch.Tensor[_places.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                using var gradient = Read(gradients[_places[i].Index]);
                parts[i] = gradient.Value.view(-1);
            }

            var whole = torch.cat(parts);
            foreach (var part in parts)
                part.Dispose();
            return whole;
        }

        private void Clip(float most)
        {
            using var gradient = Read(_gradient);
            using var limit = most.ToScalar();
            using var scale = gradient.Value.dot(gradient.Value);
            scale.sqrt_().reciprocal_().mul_(limit).clamp_max_(One);
            gradient.Value.mul_(scale);
        }

        /// <param name="Index">Place among the parameters as they were given.</param>
        /// <param name="Parameter">Parameter.</param>
        /// <param name="Start">First of its elements in the flat tensors.</param>
        private readonly record struct Place(int Index, Tensor Parameter, int Start);
    }
}
