using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AEAnomaly.TestKit;

/// <summary>Finds free loopback ports for servers.</summary>
public static class FreePorts
{
    // Below the range from which Linux takes the local ports of outgoing connections (32768 and up), so that a killed broker finds its port
    // free again when it is started anew.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>Finds distinct ports that nothing listens on now.</summary>
    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
