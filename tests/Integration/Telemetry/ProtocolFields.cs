using System.Buffers.Binary;
using System.Text;

namespace AEAnomaly.Integration.Tests.Telemetry;

/// <summary>Reads a protocol buffer by its field numbers, as far as the tests need it: messages, texts, bytes.</summary>
internal sealed class ProtocolFields
{
    private readonly List<(int Number, byte[] Value)> _fields = [];

    public ProtocolFields(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            var key = Number(ref message);
            var length = (int)(key & 7) switch
            {
                0 => -1,
                1 => 8,
                2 => (int)Number(ref message),
                5 => 4,
                var kind => throw new InvalidDataException($"a field of wire type {kind}"),
            };
            if (length < 0)
            {
                var value = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(value, Number(ref message));
                _fields.Add(((int)(key >> 3), value));
                continue;
            }

            _fields.Add(((int)(key >> 3), message[..length].ToArray()));
            message = message[length..];
        }
    }

    /// <summary>Gets the messages at the end of a path of field numbers.</summary>
    public IEnumerable<ProtocolFields> At(params int[] path) =>
        path.Length == 0 ? [this] : All(path[0]).SelectMany(value => new ProtocolFields(value).At(path[1..]));

    public string Text(int number) => Encoding.UTF8.GetString(All(number).FirstOrDefault() ?? []);

    public string Hex(int number) => Convert.ToHexStringLower(All(number).FirstOrDefault() ?? []);

    private IEnumerable<byte[]> All(int number) => _fields.Where(field => field.Number == number).Select(field => field.Value);

    private static ulong Number(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var i = 0; ; i++)
        {
            value |= (ulong)(message[i] & 0x7f) << (7 * i);
            if (message[i] >= 0x80)
                continue;
            message = message[(i + 1)..];
            return value;
        }
    }
}
