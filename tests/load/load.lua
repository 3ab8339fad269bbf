-- Script for wrk: requests the targets of a file in turn, and prints the figures as JSON.
-- Arguments: the file, with one target a line; the mean pause of a connection between requests in
-- milliseconds (0: none).

local targets, place = {}, 0

function init(arguments)
	for line in io.lines(arguments[1]) do
		targets[#targets + 1] = wrk.format("GET", line)
	end
	if tonumber(arguments[2]) > 0 then
		local longest = 2 * tonumber(arguments[2])
		delay = function()
			return math.random(0, longest)
		end
	end
end

function request()
	place = place % #targets + 1
	return targets[place]
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format(
		'\nJSON{"requests":%d,"microseconds":%d,"bytes":%d,"failed":%d,"refused":%d,"p50":%d,"p99":%d,"max":%d}\n',
		summary.requests, summary.duration, summary.bytes,
		errors.connect + errors.read + errors.write + errors.timeout, errors.status,
		latency:percentile(50), latency:percentile(99), latency.max))
end
